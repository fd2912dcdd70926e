package io.elephant.launcher.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a delivery fails. Lambda then delivers the event again, and at last puts it into the failure
 * queue.
 */
@SuppressWarnings("serial")
public abstract sealed class LaunchFailure extends RuntimeException {

  private final @Nullable Refusal refusal;

  private LaunchFailure(String message, @Nullable Refusal refusal, @Nullable Throwable cause) {
    super(message, cause);
    this.refusal = refusal;
  }

  private LaunchFailure(String message) {
    this(message, null, null);
  }

  /** AWS's code for what failed, where it was a call or a launch that AWS refused. */
  public final Optional<String> errorCode() {
    return Optional.ofNullable(refusal).map(Refusal::code);
  }

  /** What went wrong, in a word: the code where there is one, the failure's own name elsewhere. */
  public final String reason() {
    return errorCode().orElse(getClass().getSimpleName());
  }

  /** What AWS said; where AWS said nothing, the failure's own name and message. */
  public final Refusal refusal() {
    return refusal != null ? refusal : new Refusal(reason(), String.valueOf(getMessage()));
  }

  /** A call to AWS that was not answered as it should be. */
  public static final class CallFailed extends LaunchFailure {

    private final Verdict verdict;

    /**
     * @param action the service and its action, such as {@code EC2 DescribeInstances}
     */
    public CallFailed(String action, Verdict verdict, Refusal refusal, @Nullable Throwable cause) {
      super(action + " failed with " + refusal, refusal, cause);
      this.verdict = verdict;
    }

    public Verdict verdict() {
      return verdict;
    }
  }

  /** The table has no row for the meeting: it was never booked, or it was deleted. */
  public static final class MeetingNotFound extends LaunchFailure {

    public MeetingNotFound(String meeting) {
      super("there is no meeting " + meeting + " in the table");
    }
  }

  /** A meeting's row has an attribute that this function does not understand. */
  public static final class MeetingUnreadable extends LaunchFailure {

    public MeetingUnreadable(String meeting, String attribute, String problem) {
      super("meeting %s: its attribute %s %s".formatted(meeting, attribute, problem));
    }
  }

  /** None of the allowed zones has a default subnet. */
  public static final class NoSubnet extends LaunchFailure {

    public NoSubnet(String zones) {
      super("none of the zones " + zones + " has a default subnet");
    }
  }

  /** Not every role has its instance, and why. */
  public static final class LaunchIncomplete extends LaunchFailure {

    /**
     * @param first what AWS said of the first role without an instance
     * @param reasons for each role without an instance, AWS's code and words
     */
    public LaunchIncomplete(String meeting, Refusal first, String reasons) {
      super("meeting " + meeting + " is not launched: " + reasons, first, null);
    }
  }

  /** Instances that nobody wants could not be terminated; the next delivery goes on. */
  public static final class NotTerminated extends LaunchFailure {

    /**
     * @param first what EC2 said of the first of them
     * @param reasons what it said of each
     */
    public NotTerminated(String meeting, Refusal first, String reasons) {
      super("meeting %s: %s".formatted(meeting, reasons), first, null);
    }
  }

  /** EC2 does not say whose the instance of a notice is; Lambda delivers the notice again. */
  public static final class NotKnown extends LaunchFailure {

    public NotKnown(String instance, Refusal last) {
      super(
          "it is not known for which meeting %s was started: %s".formatted(instance, last),
          last,
          null);
    }
  }

  /** The invocation ends before the launch does; the next delivery goes on from the row. */
  public static final class OutOfTime extends LaunchFailure {

    public OutOfTime() {
      super("no time is left in this invocation; the next delivery continues from the row");
    }
  }
}
