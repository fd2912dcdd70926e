package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What EC2 has for a launch. Every method throws {@link NotAnswered} where EC2 does not say. */
public interface Resources {

  /** Those of these zones that the region has, whether or not they may be used. */
  List<ZoneState> zones(Collection<Zone> zones);

  /** Those of the configured subnets that there are; or the default ones of the zones. */
  List<VpcSubnet> subnets(Placement placement);

  /** The image, if there is such a one and this account may use it. */
  Optional<Image> image(String id);

  /** Whether there is a key pair of this name. */
  boolean hasKeyPair(String name);

  /** Those of these security groups that there are. */
  List<SecurityGroup> securityGroups(Collection<String> ids);

  /** Those of these instance types that the region knows. */
  List<InstanceType> instanceTypes(Collection<String> names);

  /** Which of these types are offered in which zone of the region. */
  List<Offering> offerings(Collection<String> types);

  /** The key that encrypts volumes for which no other is named: its ARN, or an alias. */
  String defaultVolumeKey();

  /** Asks EC2 whether it would launch this, and has nothing launched. */
  DryRunAnswer dryRun(Attempt attempt);

  /**
   * A zone of the region.
   *
   * @param state EC2's word for how it is, such as {@code available}
   * @param optedIn whether this account may use it, which it need not ask for in most zones
   */
  record ZoneState(Zone zone, String state, boolean optedIn) {}

  /** A subnet as EC2 has it. */
  record VpcSubnet(Subnet subnet, String vpc, int freeAddresses) {}

  /**
   * An image.
   *
   * @param state EC2's word for how it is, such as {@code available}
   * @param architecture the processor that it is made for, such as {@code x86_64}
   * @param rootDeviceName its root device, such as {@code /dev/xvda}
   * @param rootVolumeGib the least size of a root volume made from it, if it says so
   */
  record Image(
      String state, String architecture, String rootDeviceName, Optional<Integer> rootVolumeGib) {}

  /** A security group, and the VPC whose instances it is for. */
  record SecurityGroup(String id, String vpc) {}

  /** An instance type, and the architectures that its processor runs. */
  record InstanceType(String name, List<String> architectures, int vcpus) {

    public InstanceType {
      architectures = List.copyOf(architectures);
    }
  }

  /** An instance type in a zone that offers it. */
  record Offering(String type, Zone zone) {}

  /** What EC2 says of a launch that it is not to carry out. */
  sealed interface DryRunAnswer {

    /** It would launch. */
    record WouldLaunch() implements DryRunAnswer {}

    /** The function's role may not launch this. */
    record NotPermitted(Refusal refusal) implements DryRunAnswer {}

    /** It would refuse for another reason. */
    record WouldRefuse(Refusal refusal) implements DryRunAnswer {}

    /** It did not look at it: the account has made too many calls. */
    record Throttled(Refusal refusal) implements DryRunAnswer {}
  }
}
