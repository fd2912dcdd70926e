package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;

class WiredInstancesTest extends InstancesContract {

  private final CalmSimulation simulation = new CalmSimulation();

  @BeforeEach
  void offerSubnets() {
    simulation.table(MEETING, Optional.empty());
    simulation.cloud.offer(new Subnet("subnet-a", ZONE));
    simulation.cloud.offer(new Subnet("subnet-b", OTHER_ZONE));
  }

  @Override
  protected <T> T ask(Function<Instances, T> call) {
    return simulation.call(() -> call.apply(new WiredInstances(simulation.wire, simulation.cloud)));
  }

  @Override
  protected void fill(Zone zone, String instanceType) {
    simulation.cloud.ec2().setFull(new Pool(zone.name(), instanceType), true);
  }

  @Override
  protected void reachQuota(String instanceType) {
    simulation.cloud.ec2().setOverQuota(instanceType, true);
  }

  @Override
  protected void end(InstanceId instance, Refusal why) {
    simulation.cloud.die(instance(instance), why);
  }

  @Override
  protected void endByOldReason(InstanceId instance, String why) {
    simulation.cloud.ec2().end(instance(instance).ec2(), Optional.empty(), why);
  }

  @Override
  protected void stop(InstanceId instance) {
    simulation.cloud.stop(instance(instance), new Ec2Error("Client.X", "stopped"));
  }

  @Override
  protected void protect(InstanceId instance) {
    instance(instance).protect(true);
  }

  @Override
  protected void takeTagsOff(InstanceId instance) {
    instance(instance).ec2().losesTagsAt(0);
  }

  @Override
  protected void tag(InstanceId instance, String name, String value) {
    instance(instance).ec2().tag(name, value);
  }

  @Override
  protected InstanceId startUnknown(Attempt attempt) {
    simulation.givesUnknownIds(true);
    InstanceId started = start(attempt);
    simulation.givesUnknownIds(false);
    return started;
  }

  private SimulatedInstance instance(InstanceId instance) {
    return simulation.cloud.instance(instance).orElseThrow();
  }
}
