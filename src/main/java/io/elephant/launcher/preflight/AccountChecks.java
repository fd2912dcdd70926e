package io.elephant.launcher.preflight;

import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether AWS answers this function at all, and whether the meetings' table is there. */
record AccountChecks(String region, String table) implements Check.Group {

  private static final List<String> KEY = List.of("id S");

  @Override
  public List<Check> checks(Answers answers) {
    return List.of(
        Check.of("credentials", region, () -> credentials(answers)),
        Check.of("table", table, () -> table(answers)));
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
}
