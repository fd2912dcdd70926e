package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Zone;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

class FakeInstancesTest extends InstancesContract {

  private final FakeInstances ec2 = new FakeInstances(ZONE.name(), OTHER_ZONE.name());

  @Override
  protected <T> T ask(Function<Instances, T> call) {
    return call.apply(ec2);
  }

  @Override
  protected void fill(Zone zone, String instanceType) {
    ec2.full =
        candidate ->
            candidate.subnet().zone().equals(zone) && candidate.instanceType().equals(instanceType);
  }

  @Override
  protected void reachQuota(String instanceType) {
    ec2.model.setOverQuota(instanceType, true);
  }

  @Override
  protected void end(InstanceId instance, Refusal why) {
    ec2.kill(instance, why);
  }

  @Override
  protected void endByOldReason(InstanceId instance, String why) {
    ec2.model.end(ec2.instance(instance), Optional.empty(), why);
  }

  @Override
  protected void stop(InstanceId instance) {
    ec2.stop(instance, new Refusal("Client.UserInitiatedShutdown", "stopped"));
  }

  @Override
  protected void protect(InstanceId instance) {
    ec2.instance(instance).protect(true);
  }

  @Override
  protected void takeTagsOff(InstanceId instance) {
    ec2.instance(instance).losesTagsAt(0);
  }

  @Override
  protected void tag(InstanceId instance, String name, String value) {
    ec2.instance(instance).tag(name, value);
  }

  @Override
  protected InstanceId startUnknown(Attempt attempt) {
    InstanceId started = start(attempt);
    ec2.unknownFor(started, Duration.ofMinutes(1));
    return started;
  }
}
