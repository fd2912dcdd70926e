package io.elephant.launcher.preflight;

import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether AWS answers this function at all, and what there must be once in the account. */
record AccountChecks(String region, String table) implements Check.Group {

  private static final List<String> KEY = List.of("id S");

  @Override
  public List<Check> checks(Answers answers) {
    List<Check> checks = new ArrayList<>();
    checks.add(Check.of("credentials", region, () -> credentials(answers)));
    checks.add(Check.of("table", table, () -> table(answers)));
    answers
        .spotRole()
        .ifPresent(isThere ->
            checks.add(Check.of("spot-role", Roles.OF_SPOT, () -> spotRole(isThere.get()))));
    return checks;
  }

  /** A call that is refused for lack of permission shows that the credentials are known. */
  private Result credentials(Answers answers) {
    try {
      var _ = answers.zones().get();
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

  private Result table(Answers answers) {
    Optional<Table.Description> described = answers.table().get();
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

  /**
   * EC2 makes the role for whoever asks for the first Spot instance in its console, and for this
   * function's role it may not.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html">Service-linked
   *     role for Spot Instance requests</a>
   */
  private static Result spotRole(boolean isThere) {
    return isThere
        ? new Passed("It is there")
        : new Obstacle(
            "There is no such role, and EC2 starts no Spot instance without it",
            "Make it (aws iam create-service-linked-role --aws-service-name spot.amazonaws.com), or"
                + " set create_spot_service_linked_role = true and deploy (make deploy)");
  }
}
