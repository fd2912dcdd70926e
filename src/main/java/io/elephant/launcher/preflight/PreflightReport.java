package io.elephant.launcher.preflight;

import io.elephant.launcher.preflight.Check.Obstacle;
import java.util.List;

/** Every check, in the order in which a launch needs what it looks at. */
public record PreflightReport(List<Check> checks) {

  public PreflightReport {
    checks = List.copyOf(checks);
  }

  /** Whether nothing was found that stands in a launch's way. */
  public boolean ready() {
    return obstacles() == 0;
  }

  /** How many checks have found something that stands in a launch's way. */
  public long obstacles() {
    return checks.stream().filter(check -> check.result() instanceof Obstacle).count();
  }
}
