package io.elephant.launcher.config;

import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes where instances may be launched of the environment. */
final class PlacementCheck {

  private PlacementCheck() {}

  /**
   * The subnets of {@code SUBNETS}; the zones of {@code AVAILABILITY_ZONES} where it names none.
   */
  static Optional<Placement> placement(
      Environment environment, Optional<String> region, Problems problems) {
    String zone = region.map(Pattern::quote).orElse("[a-z0-9-]+?") + "(-[a-z0-9]+)*[a-z]";
    String wanted = "a zone of the region " + region.orElse("in LAUNCH_REGION");
    if (environment.subnets().filter(value -> !value.isBlank()).isEmpty()) {
      return problems
          .list("AVAILABILITY_ZONES", environment.availabilityZones(), zone, wanted, Zone::new)
          .map(Placement.InZones::new);
    }
    return problems
        .list(
            "SUBNETS",
            environment.subnets(),
            zone + "=subnet-" + TemplateCheck.ID_DIGITS,
            wanted + ", an equals sign and the id of a subnet, subnet-…",
            PlacementCheck::subnet)
        .filter(subnets ->
            problems.check(
                subnets.stream().map(Subnet::id).distinct().count() == subnets.size(),
                "SUBNETS",
                environment.subnets().orElse(""),
                "a list in which each subnet has one zone"))
        .map(Placement.InSubnets::new);
  }

  private static Subnet subnet(String pair) {
    int equals = pair.indexOf('=');
    return new Subnet(pair.substring(equals + 1), new Zone(pair.substring(0, equals)));
  }
}
