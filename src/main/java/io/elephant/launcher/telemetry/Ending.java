package io.elephant.launcher.telemetry;

import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.sweep.Sweep;
import java.util.List;

/** How an invocation ends. */
public sealed interface Ending {

  /** A delivery came to its end. */
  record Delivered(LaunchReport report) implements Ending {}

  /** A sweep has looked at every machine. */
  record Swept(List<Sweep.Stray> strays) implements Ending {
    public Swept {
      strays = List.copyOf(strays);
    }
  }

  /** A question was answered, and nothing was changed. */
  record Answered(String gist) implements Ending {}

  /** The invocation fails with this. */
  record Failed(Throwable failure) implements Ending {}
}
