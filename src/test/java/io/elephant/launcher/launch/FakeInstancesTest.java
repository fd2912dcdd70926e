package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Zone;
import java.util.function.Function;

class FakeInstancesTest extends InstancesContract {

  private final FakeInstances ec2 = new FakeInstances(ZONE.name(), OTHER_ZONE.name());

  @Override
  protected <T> T ask(Function<Instances, T> call) {
    return call.apply(ec2);
  }

  @Override
  protected void fill(Zone zone, String instanceType) {
    ec2.fill(candidate ->
        candidate.subnet().zone().equals(zone) && candidate.instanceType().equals(instanceType));
  }

  @Override
  protected void reachQuota(String instanceType) {
    ec2.refuse(
        new Role("teacher"),
        new RunResult.OverQuota(new Refusal("VcpuLimitExceeded", instanceType)));
  }

  @Override
  protected void kill(InstanceId instance) {
    ec2.kill(instance);
  }

  @Override
  protected void stop(InstanceId instance) {
    ec2.stop(instance);
  }

  @Override
  protected void protect(InstanceId instance) {
    ec2.protect(instance);
  }

  @Override
  protected InstanceId startUnknown(Attempt attempt) {
    InstanceId started = start(attempt);
    ec2.notYetKnown(started);
    return started;
  }
}
