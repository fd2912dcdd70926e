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
  public static final String STACK = "elephant-launch-ec2";

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
    return template(image, Optional.empty(), "Elephant");
  }

  public static InstanceTemplate template(
      String image, Optional<LaunchTemplate> launchTemplate, String project) {
    return new InstanceTemplate(
        image,
        "shaundano-elephant",
        List.of("sg-0123456789abcdef0", "sg-0fedcba9876543210"),
        "EC2-S3-ReadOnly-Role",
        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
        ImdsTokens.REQUIRED,
        launchTemplate,
        project,
        STACK,
        Map.of(),
        true);
  }

  /** A request for this type, by a template without anything that need not be. */
  public static LaunchRequest request(MeetingId meeting, Role role, String type) {
    return template("ami-0e7fd79d17e852d18").request(meeting, role, candidate(type));
  }

  /** A request that says everything that one can. */
  public static LaunchRequest fullRequest(MeetingId meeting, Role role) {
    return new InstanceTemplate(
            "ami-0e7fd79d17e852d18",
            "key",
            List.of("sg-0123456789abcdef0"),
            "profile",
            new RootVolume(
                "/dev/xvda", 60, "gp2", true, Optional.of("arn:aws:kms:us-west-2:1:key/k")),
            ImdsTokens.OPTIONAL,
            Optional.of(new LaunchTemplate("lt-0e1efa27000000001", 7)),
            "Elephant",
            STACK,
            Map.of("Empty", ""),
            false)
        .request(meeting, role, candidate("t3.large"));
  }

  private static Candidate candidate(String type) {
    return new Candidate(Market.ON_DEMAND, type, new Subnet("subnet-1", new Zone("us-west-2a")));
  }
}
