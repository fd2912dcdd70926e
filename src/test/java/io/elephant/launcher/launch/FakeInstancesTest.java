package io.elephant.launcher.launch;

import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Zone;
import java.util.function.Consumer;
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
  protected void change(Consumer<Ec2Model> change) {
    change.accept(ec2.model);
  }
}
