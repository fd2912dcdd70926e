package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.LaunchPlan;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.DefaultSubnet;
import io.elephant.launcher.preflight.Resources.Image;
import io.elephant.launcher.preflight.Resources.InstanceType;
import io.elephant.launcher.preflight.Resources.Offering;
import io.elephant.launcher.preflight.Resources.SecurityGroup;
import io.elephant.launcher.preflight.Resources.ZoneState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at everything that a launch needs, changes nothing, and reports every obstacle at once.
 *
 * <p>What can be asked at once is asked at once, and a question that AWS does not answer leaves
 * only those checks open that need its answer.
 */
public final class Preflight {

  private static final String AVAILABLE = "available";

  /** A meeting by name only, for the tags that the policy asks for. */
  private static final MeetingId NO_MEETING = new MeetingId("preflight");

  private static final List<String> KEY = List.of("id S");

  private final String region;
  private final LaunchPlan plan;
  private final InstanceTemplate machine;
  private final Table table;
  private final Resources ec2;
  private final InstanceProfiles profiles;
  private final Quotas quotas;

  /**
   * @param region where the table and the machines are
   */
  public Preflight(
      String region,
      LaunchPlan plan,
      Table table,
      Resources ec2,
      InstanceProfiles profiles,
      Quotas quotas) {
    this.region = region;
    this.plan = plan;
    this.machine = plan.machine();
    this.table = table;
    this.ec2 = ec2;
    this.profiles = profiles;
    this.quotas = quotas;
  }

  /** Looks at everything once. */
  public PreflightReport run(Invocation invocation) {
    var zones = invocation.beside(() -> ec2.zones(plan.zones()));
    var subnets = invocation.beside(() -> ec2.defaultSubnets(plan.zones()));
    var description = invocation.beside(table::describe);
    var image = invocation.beside(() -> ec2.image(machine.imageId()));
    var keyPair = invocation.beside(() -> ec2.hasKeyPair(machine.keyName()));
    var groups = invocation.beside(() -> ec2.securityGroups(machine.securityGroupIds()));
    var profile = invocation.beside(() -> profiles.roles(machine.instanceProfile()));
    var types = invocation.beside(() -> ec2.instanceTypes(plan.instanceTypes()));
    var offerings = invocation.beside(() -> ec2.offerings(plan.instanceTypes()));
    var limits = limits(invocation);

    List<Check> checks = new ArrayList<>();
    checks.add(check("credentials", region, () -> credentials(zones)));
    checks.add(check("table", table.name(), () -> table(description.get())));
    checks.add(check("image", machine.imageId(), () -> image(image.get())));
    checks.add(
        check("architecture", machine.imageId(), () -> architecture(seen(image), types.get())));
    checks.add(
        check("root-device", machine.rootVolume().deviceName(), () -> rootDevice(seen(image))));
    checks.add(check("key-pair", machine.keyName(), () -> keyPair(keyPair.get())));
    for (String id : machine.securityGroupIds()) {
      checks.add(check("security-group", id, () -> securityGroup(id, groups.get(), subnets.get())));
    }
    checks.add(check("instance-profile", machine.instanceProfile(), () -> profile(profile.get())));
    for (String type : plan.instanceTypes()) {
      checks.add(
          check("instance-type", type, () -> instanceType(type, types.get(), offerings.get())));
    }
    for (Zone zone : plan.zones()) {
      checks.add(check("zone", zone.name(), () -> zone(zone, zones.get())));
      checks.add(check("subnet", zone.name(), () -> subnet(zone, subnets.get())));
      checks.add(check("offering", zone.name(), () -> offering(zone, offerings.get())));
    }
    for (Market market : plan.markets()) {
      for (String type : plan.instanceTypes()) {
        checks.add(check("quota", type + ", " + market, () -> quota(type, market, limits, types)));
      }
    }
    checks.addAll(dryRuns(invocation, subnets));
    return new PreflightReport(checks);
  }

  /** A call that is refused for lack of permission has at least been recognized. */
  private Result credentials(Supplier<?> anyCall) {
    try {
      var _ = anyCall.get();
    } catch (NotAnswered e) {
      return switch (e.reason()) {
        case NOT_PERMITTED -> new Passed("EC2 knows the credentials");
        case NOT_AUTHENTICATED ->
            new Obstacle(
                e.refusal().toString(),
                "See that the function's role is there, and that this account may use the region "
                    + region
                    + " (LAUNCH_REGION)");
        case OTHER ->
            new Obstacle(
                "EC2 does not answer: " + e.refusal(),
                "See that the function has a role, that LAUNCH_REGION is a region, and that the"
                    + " function's network reaches AWS");
      };
    }
    return new Passed("EC2 answers");
  }

  private Result table(Optional<Table.Description> described) {
    if (described.isEmpty()) {
      return new Obstacle(
          "There is no such table in " + region,
          "Make it (with create_table = true Terraform does), or correct TABLE_NAME or"
              + " LAUNCH_REGION");
    }
    Table.Description found = described.get();
    if (!found.key().equals(KEY)) {
      return new Obstacle(
          "Its key is " + String.join(" and ", found.key()),
          "Use a table whose key is the attribute id, a string (S), and nothing else");
    }
    // Rows can be read and written while a table's settings are changed.
    return Set.of("ACTIVE", "UPDATING").contains(found.status())
        ? new Passed(found.status() + ", with the key " + String.join(" and ", KEY))
        : new Obstacle("It is " + found.status(), "Wait until it is ACTIVE, or restore it");
  }

  private Result image(Optional<Image> found) {
    if (found.isEmpty()) {
      return new Obstacle(
          "There is no such image in " + region + ", or this account may not use it",
          "Correct AMI_ID, or have the image copied to " + region + " or shared with this account");
    }
    String state = found.get().state();
    return state.equals(AVAILABLE)
        ? new Passed("It is available")
        : new Obstacle("It is " + state, "Wait until it is available, or correct AMI_ID");
  }

  private Result architecture(Image found, List<InstanceType> types) {
    if (types.isEmpty()) {
      return new Unknown("No instance type is known to compare with", "Correct INSTANCE_TYPE");
    }
    List<String> misfits =
        types.stream()
            .filter(type -> !type.architectures().contains(found.architecture()))
            .map(type -> type.name() + " (" + String.join(", ", type.architectures()) + ")")
            .toList();
    return misfits.isEmpty()
        ? new Passed(found.architecture())
        : new Obstacle(
            "The image is for %s and does not boot on %s"
                .formatted(found.architecture(), String.join(", ", misfits)),
            "Take these types out of INSTANCE_TYPE, or set AMI_ID to an image for them");
  }

  private Result rootDevice(Image found) {
    RootVolume volume = machine.rootVolume();
    if (!found.rootDeviceName().equals(volume.deviceName())) {
      return new Obstacle(
          "The image's root device is %s: each machine would get a second disk, and a root volume"
                  .formatted(found.rootDeviceName())
              + " that is not as configured",
          "Set ROOT_DEVICE_NAME to " + found.rootDeviceName());
    }
    return found
        .rootVolumeGib()
        .filter(least -> least > volume.sizeGib())
        .<Result>map(least ->
            new Obstacle(
                "The image needs a root volume of %d GiB, and VOLUME_SIZE_GIB is %d"
                    .formatted(least, volume.sizeGib()),
                "Set VOLUME_SIZE_GIB to at least " + least))
        .orElse(new Passed("It is the image's root device"));
  }

  private Result keyPair(boolean there) {
    return there
        ? new Passed("It is there")
        : new Obstacle(
            "There is no key pair of this name in " + region,
            "Make or import it in " + region + ", or correct KEY_NAME");
  }

  private Result securityGroup(String id, List<SecurityGroup> groups, List<DefaultSubnet> subnets) {
    Optional<String> vpc =
        groups.stream().filter(group -> group.id().equals(id)).map(SecurityGroup::vpc).findFirst();
    if (vpc.isEmpty()) {
      return new Obstacle(
          "There is no such security group in " + region,
          "Correct SECURITY_GROUP_IDS, or make the group in the default VPC");
    }
    List<String> others =
        subnets.stream()
            .map(DefaultSubnet::vpc)
            .distinct()
            .filter(other -> !other.equals(vpc.get()))
            .toList();
    return others.isEmpty()
        ? new Passed("It is in " + vpc.get())
        : new Obstacle(
            "It is in %s, and the default subnets are in %s"
                .formatted(vpc.get(), String.join(", ", others)),
            "Set SECURITY_GROUP_IDS to groups of " + String.join(", ", others));
  }

  private static Result profile(Optional<List<String>> roles) {
    if (roles.isEmpty()) {
      return new Obstacle(
          "There is no instance profile of this name", "Make it, or correct IAM_PROFILE");
    }
    return roles.get().isEmpty()
        ? new Obstacle(
            "It has no role", "Add the machines' role to it: aws iam add-role-to-instance-profile")
        : new Passed("It has the role " + String.join(", ", roles.get()));
  }

  private Result instanceType(String type, List<InstanceType> types, List<Offering> offerings) {
    Optional<InstanceType> found = named(type, types);
    if (found.isEmpty()) {
      return new Obstacle(
          region + " has no such instance type", "Correct INSTANCE_TYPE, or take the type out");
    }
    List<String> zones =
        plan.zones().stream()
            .filter(zone -> offerings.contains(new Offering(type, zone)))
            .map(Zone::name)
            .toList();
    return zones.isEmpty()
        ? new Obstacle(
            "No zone of AVAILABILITY_ZONES offers it",
            elsewhere(
                offerings.stream()
                    .filter(offering -> offering.type().equals(type))
                    .map(offering -> offering.zone().name())
                    .sorted()
                    .toList()))
        : new Passed(
            "%d vCPUs, offered in %s".formatted(found.get().vcpus(), String.join(", ", zones)));
  }

  private static String elsewhere(List<String> zones) {
    return zones.isEmpty()
        ? "Take it out of INSTANCE_TYPE"
        : "Take it out of INSTANCE_TYPE, or add one of the zones that do: "
            + String.join(", ", zones);
  }

  private Result zone(Zone zone, List<ZoneState> zones) {
    Optional<ZoneState> found =
        zones.stream().filter(state -> state.zone().equals(zone)).findFirst();
    if (found.isEmpty()) {
      return new Obstacle(
          region + " has no such zone for this account", "Correct AVAILABILITY_ZONES");
    }
    if (!found.get().optedIn()) {
      return new Obstacle(
          "This account has not opted in to it",
          "Enable its zone group in EC2's settings, or take it out of AVAILABILITY_ZONES");
    }
    return found.get().state().equals(AVAILABLE)
        ? new Passed("It is available")
        : new Obstacle(
            "It is " + found.get().state(), "Take it out of AVAILABILITY_ZONES until it is back");
  }

  private Result subnet(Zone zone, List<DefaultSubnet> subnets) {
    Optional<DefaultSubnet> found =
        subnets.stream().filter(subnet -> subnet.zone().equals(zone)).findFirst();
    if (found.isEmpty()) {
      return new Obstacle(
          "It has no default subnet",
          "Make one: aws ec2 create-default-subnet --availability-zone %s; or take the zone out of AVAILABILITY_ZONES"
              .formatted(zone));
    }
    String room =
        "%s has %d free addresses".formatted(found.get().id(), found.get().freeAddresses());
    return found.get().freeAddresses() >= plan.roles().size()
        ? new Passed(room)
        : new Obstacle(
            room + ", and a meeting needs " + plan.roles().size(),
            "Terminate what is not needed in it, delete network interfaces that are left, or take"
                + " the zone out of AVAILABILITY_ZONES");
  }

  private Result offering(Zone zone, List<Offering> offerings) {
    List<String> offered =
        plan.instanceTypes().stream()
            .filter(type -> offerings.contains(new Offering(type, zone)))
            .toList();
    return offered.isEmpty()
        ? new Obstacle(
            "It offers none of " + String.join(", ", plan.instanceTypes()),
            "Take it out of AVAILABILITY_ZONES, or add a type that it offers to INSTANCE_TYPE")
        : new Passed("It offers " + String.join(", ", offered));
  }

  /** Each quota that counts is asked for once. */
  private Map<VcpuQuota, Supplier<Double>> limits(Invocation invocation) {
    Map<VcpuQuota, Supplier<Double>> limits = new HashMap<>();
    for (Market market : plan.markets()) {
      for (String type : plan.instanceTypes()) {
        VcpuQuota.of(type, market)
            .ifPresent(quota ->
                limits.computeIfAbsent(
                    quota, asked -> invocation.beside(() -> quotas.value(asked))));
      }
    }
    return limits;
  }

  private Result quota(
      String type,
      Market market,
      Map<VcpuQuota, Supplier<Double>> limits,
      Supplier<List<InstanceType>> types) {
    Optional<VcpuQuota> quota = VcpuQuota.of(type, market);
    Optional<Long> limit =
        quota.map(limits::get).map(Supplier::get).map(value -> (long) Math.floor(value));
    Optional<InstanceType> found = named(type, types.get());
    if (limit.isEmpty() || found.isEmpty()) {
      return new Unknown(
          "It is not known how much of which quota it takes",
          "Look at Service Quotas, Amazon EC2, in " + region);
    }
    int needed = found.get().vcpus() * plan.roles().size();
    String detail =
        "The quota %s is %d vCPUs, and a meeting needs %d"
            .formatted(quota.orElseThrow(), limit.get(), needed);
    return limit.get() >= needed
        ? new Passed(detail)
        : new Obstacle(
            detail,
            "Ask for more: aws service-quotas request-service-quota-increase --region %s --service-code ec2 --quota-code %s --desired-value N"
                .formatted(region, quota.orElseThrow()));
  }

  /** Each role's first request in each market. */
  private List<Check> dryRuns(Invocation invocation, Supplier<List<DefaultSubnet>> subnets) {
    Map<String, Supplier<Result>> results = new LinkedHashMap<>();
    for (Role role : plan.roles()) {
      for (Market market : plan.markets()) {
        Supplier<Result> result =
            invocation.beside(() -> dryRun(attempt(role, market, subnets.get(), invocation)));
        results.put(role + ", " + market, result);
      }
    }
    return results.entrySet().stream()
        .map(result -> check("dry-run", result.getKey(), result.getValue()))
        .toList();
  }

  private Attempt attempt(
      Role role, Market market, List<DefaultSubnet> subnets, Invocation invocation) {
    Candidate candidate =
        plan
            .candidates(
                subnets.stream().map(subnet -> new Subnet(subnet.id(), subnet.zone())).toList())
            .stream()
            .filter(one -> one.market() == market)
            .findFirst()
            .orElseThrow();
    // No meeting's token has a full stop in it, so this is never a launch's.
    ClientToken token =
        new ClientToken(
            "preflight.%s.%s.%d".formatted(role, market, invocation.now().toEpochMilli()));
    return new Attempt(0, token, machine.request(NO_MEETING, role, candidate));
  }

  private Result dryRun(Attempt attempt) {
    return switch (ec2.dryRun(attempt)) {
      case DryRunAnswer.WouldLaunch() ->
          new Passed(
              "EC2 would launch %s in %s"
                  .formatted(
                      attempt.request().candidate().instanceType(),
                      attempt.request().candidate().subnet().zone()));
      case DryRunAnswer.NotPermitted(Refusal refusal) ->
          new Obstacle(
              refusal.toString(),
              "Deploy the policy that belongs to this configuration (make deploy); aws sts"
                  + " decode-authorization-message shows what is missing");
      case DryRunAnswer.WouldRefuse(Refusal refusal) ->
          new Obstacle(refusal.toString(), "Correct what EC2 names");
    };
  }

  private static Image seen(Supplier<Optional<Image>> image) {
    return image.get().orElseThrow(NotSeen::new);
  }

  private static Optional<InstanceType> named(String name, List<InstanceType> types) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** What stays open stays open alone. */
  private static Check check(String name, String subject, Supplier<Result> judgement) {
    Result result;
    try {
      result = judgement.get();
    } catch (NotSeen e) {
      result = new Unknown("There is no image to look at", "Mend the check of the image first");
    } catch (NoSubnet e) {
      result = new Unknown("No zone has a subnet to launch in", "Mend the check subnet first");
    } catch (OutOfTime e) {
      result = new Unknown("There was no answer in time", "Ask again");
    } catch (NotAnswered e) {
      result = new Unknown(e.permission() + " failed with " + e.refusal(), toDo(e));
    } catch (RuntimeException e) {
      // A preflight that fails shows nothing of what it has found.
      result = new Unknown("The check itself failed: " + e, "Report it as a mistake of this check");
    }
    return new Check(name, subject, result);
  }

  private static String toDo(NotAnswered e) {
    return switch (e.reason()) {
      case NOT_PERMITTED ->
          "Set preflight = true in terraform.tfvars and deploy, or allow the function's role "
              + e.permission();
      case NOT_AUTHENTICATED -> "Mend the check credentials first";
      case OTHER -> "Ask again";
    };
  }

  /** A check needs a resource that another check has found missing. */
  private static final class NotSeen extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
