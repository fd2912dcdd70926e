package io.elephant.launcher.instance;

import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the tests launch. */
public final class Plans {

  public static final Role TEACHER = new Role("teacher");
  public static final Role STUDENT = new Role("student");

  private Plans() {}

  /** A teacher's and a student's instance in one of three zones. */
  public static LaunchPlan standard() {
    return of(
        List.of(TEACHER, STUDENT),
        List.of("t3.large"),
        zones("us-west-2a", "us-west-2b", "us-west-2c"),
        template("ami-0e7fd79d17e852d18"));
  }

  public static LaunchPlan of(
      List<Role> roles, List<String> types, Placement placement, InstanceTemplate template) {
    return new LaunchPlan(
        roles,
        List.of(Market.ON_DEMAND),
        types,
        placement,
        template,
        Duration.ofHours(1),
        Duration.ofHours(1));
  }

  public static Placement zones(String... names) {
    return new Placement.InZones(Stream.of(names).map(Zone::new).toList());
  }

  public static InstanceTemplate template(String image) {
    return template(image, Optional.empty());
  }

  public static InstanceTemplate template(String image, Optional<LaunchTemplate> launchTemplate) {
    return new InstanceTemplate(
        image,
        "shaundano-elephant",
        List.of("sg-0123456789abcdef0", "sg-0fedcba9876543210"),
        "EC2-S3-ReadOnly-Role",
        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
        ImdsTokens.REQUIRED,
        launchTemplate,
        "Elephant",
        "elephant-launch-ec2",
        Map.of(),
        true);
  }
}
