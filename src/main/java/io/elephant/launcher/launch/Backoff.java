package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingsUnclear;
import java.time.Duration;
import java.util.function.Supplier;

/** Ever longer pauses between repetitions, for as long as the invocation has time to spare. */
public final class Backoff {

  /** How pauses grow. */
  private enum Pace {
    /** After what may be over at once: a cut connection, a server's error. */
    QUICK(Duration.ofMillis(100), 2, Duration.ofSeconds(10)),

    /**
     * While others use up what EC2 allows. RunInstances is allowed twice a second: who asks again
     * sooner is refused again. The longest pause is what the end of a rush can be late by, and the
     * number of refused calls goes down with it; {@code make storm} measures both.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
     *     throttling for the Amazon EC2 API</a>
     */
    AT_RATE(Duration.ofSeconds(1), 1.8, Duration.ofSeconds(22));

    private final Duration shortest;
    private final double growth;
    private final Duration longest;

    Pace(Duration shortest, double growth, Duration longest) {
      this.shortest = shortest;
      this.growth = growth;
      this.longest = longest;
    }

    private Duration after(Duration pause) {
      Duration grown = Duration.ofMillis(Math.round(pause.toMillis() * growth));
      return grown.compareTo(longest) < 0 ? grown : longest;
    }
  }

  private final Invocation invocation;
  private final Duration reserve;
  private Pace pace = Pace.QUICK;
  private Duration limit = pace.shortest;

  /**
   * @param reserve what is kept of the invocation's time for the repetition itself
   */
  public Backoff(Invocation invocation, Duration reserve) {
    this.invocation = invocation;
    this.reserve = reserve;
  }

  /** Pauses, or says {@code false} at once where the invocation has no time for another try. */
  public boolean pause() {
    return pause(Pace.QUICK);
  }

  /** The same after EC2 has refused a call for its rate. */
  public boolean pauseAtRate() {
    return pause(Pace.AT_RATE);
  }

  private boolean pause(Pace wanted) {
    if (pace != wanted) {
      pace = wanted;
      limit = pace.shortest;
    }
    Duration left = invocation.remaining().minus(reserve);
    if (left.compareTo(Pace.QUICK.shortest) < 0) {
      return false;
    }
    invocation.pause(limit.compareTo(left) < 0 ? limit : left);
    limit = pace.after(limit);
    return true;
  }

  /**
   * The call's answer. A call that failed is repeated while that may help and there is time.
   *
   * @throws LaunchFailure as the last call did
   */
  public <T> T repeat(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (LaunchFailure e) {
        if (!pauseAfter(e)) {
          throw e;
        }
      }
    }
  }

  private boolean pauseAfter(LaunchFailure failure) {
    return switch (failure) {
      case MeetingsUnclear _ -> pause();
      case InstancesFailed ofEc2 ->
          switch (ofEc2.remedy()) {
            case NONE -> false;
            case AGAIN -> pause();
            case SLOWER -> pauseAtRate();
          };
      default -> false;
    };
  }

  /** Something went well: the next pause is half as long. */
  public void shorten() {
    Duration half = limit.dividedBy(2);
    limit = half.compareTo(pace.shortest) > 0 ? half : pace.shortest;
  }
}
