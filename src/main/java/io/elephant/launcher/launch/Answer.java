package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.Meeting;
import java.util.List;
import java.util.Optional;

/** What came of an {@link Action}. */
sealed interface Answer {

  /** The row as it was read, or none. */
  record Found(Optional<Meeting> row) implements Answer {}

  /** The row as a write left it. */
  record Written(Meeting row) implements Answer {}

  /** A write's condition did not hold; the row that it did not hold for, if it came along. */
  record NotWritten(Optional<Meeting> row) implements Answer {}

  record Candidates(List<Candidate> candidates) implements Answer {}

  record Ran(RunResult result) implements Answer {}

  record Shown(List<Ec2Instance> instances) implements Answer {}

  record Ended(Termination termination) implements Answer {}

  record Failed(LaunchFailure failure) implements Answer {}

  record Waited() implements Answer {}
}
