package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.preflight.Resources.Image;
import io.elephant.launcher.preflight.Resources.InstanceType;
import io.elephant.launcher.preflight.Resources.Offering;
import io.elephant.launcher.preflight.Resources.SecurityGroup;
import io.elephant.launcher.preflight.Resources.VpcSubnet;
import io.elephant.launcher.preflight.Resources.ZoneState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What AWS says of the resources that a launch needs. All of it is asked for at once. Each supplier
 * waits for its answer and throws {@link NotAnswered} where there is none.
 */
record Answers(
    Supplier<List<ZoneState>> zones,
    Supplier<List<VpcSubnet>> subnets,
    Supplier<Optional<Table.Description>> table,
    Supplier<Optional<Image>> image,
    Supplier<Boolean> keyPair,
    Supplier<List<SecurityGroup>> securityGroups,
    Supplier<Optional<List<String>>> profileRoles,
    Optional<Supplier<Boolean>> spotRole,
    Optional<Supplier<VolumeKey>> volumeKey,
    Supplier<List<InstanceType>> types,
    Supplier<List<Offering>> offerings,
    Map<VcpuQuota, Supplier<Double>> quotas) {

  /**
   * The key that encrypts the root volume: the configured one, or the account's default.
   *
   * @param state KMS's word for how it is, if it knows it
   */
  record VolumeKey(String id, Optional<String> state) {

    private static VolumeKey of(RootVolume volume, Resources ec2, Keys keys) {
      String id = volume.keyArn().orElseGet(ec2::defaultVolumeKey);
      VolumeKey named = new VolumeKey(id, Optional.empty());
      return named.isOfAws() ? named : new VolumeKey(id, keys.state(id));
    }

    /** Whether it is the one that AWS makes for EBS where it is first needed. */
    boolean isOfAws() {
      return id.endsWith("alias/aws/ebs");
    }
  }

  static Answers ask(
      Invocation invocation,
      LaunchPlan plan,
      Table table,
      Resources ec2,
      Roles roles,
      Keys keys,
      Quotas quotas) {
    InstanceTemplate template = plan.template();
    return new Answers(
        invocation.async(() -> ec2.zones(plan.zones())),
        invocation.async(() -> ec2.subnets(plan.placement())),
        invocation.async(table::describe),
        invocation.async(() -> ec2.image(template.imageId())),
        invocation.async(() -> ec2.hasKeyPair(template.keyName())),
        invocation.async(() -> ec2.securityGroups(template.securityGroupIds())),
        invocation.async(() -> roles.ofProfile(template.instanceProfile())),
        plan.markets().contains(Market.SPOT)
            ? Optional.of(invocation.async(() -> roles.has(Roles.OF_SPOT)))
            : Optional.empty(),
        template.rootVolume().encrypted()
            ? Optional.of(invocation.async(() -> VolumeKey.of(template.rootVolume(), ec2, keys)))
            : Optional.empty(),
        invocation.async(() -> ec2.instanceTypes(plan.instanceTypes())),
        invocation.async(() -> ec2.offerings(plan.instanceTypes())),
        quotas(invocation, plan, quotas));
  }

  /** Several types share a quota, which is asked for once. */
  private static Map<VcpuQuota, Supplier<Double>> quotas(
      Invocation invocation, LaunchPlan plan, Quotas quotas) {
    Map<VcpuQuota, Supplier<Double>> values = new HashMap<>();
    for (Market market : plan.markets()) {
      for (String type : plan.instanceTypes()) {
        VcpuQuota.of(type, market)
            .ifPresent(quota ->
                values.computeIfAbsent(
                    quota, asked -> invocation.async(() -> quotas.value(asked))));
      }
    }
    return values;
  }

  /** The instance type of this name, if the region knows it. */
  Optional<InstanceType> type(String name) {
    return types.get().stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
