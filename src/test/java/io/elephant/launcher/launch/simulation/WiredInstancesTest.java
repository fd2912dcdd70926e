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
  void furnish() {
    simulation.table(MEETING, Optional.empty());
    simulation.cloud.offer(new Subnet("subnet-a", ZONE));
    simulation.cloud.offer(new Subnet("subnet-b", OTHER_ZONE));
  }

  @Override
  protected <T> T ask(Function<Instances, T> call) {
    return simulation.call(
        () -> call.apply(new WiredInstances(simulation.wire, simulation.cloud, Story.PROJECT)));
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
  protected void kill(InstanceId instance) {
    simulation.cloud.die(
        simulation.cloud.instance(instance).orElseThrow(), new Refusal(WHY_IT_DIED, "it died"));
  }

  @Override
  protected void stop(InstanceId instance) {
    simulation.cloud.stop(
        simulation.cloud.instance(instance).orElseThrow(), new Ec2Error("Client.X", "stopped"));
  }

  @Override
  protected void protect(InstanceId instance) {
    simulation.cloud.instance(instance).orElseThrow().protect(true);
  }

  @Override
  protected InstanceId startUnknown(Attempt attempt) {
    simulation.givesUnknownIds(true);
    InstanceId started = start(attempt);
    simulation.givesUnknownIds(false);
    return started;
  }
}
