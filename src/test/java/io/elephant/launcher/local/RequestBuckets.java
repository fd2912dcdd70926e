package io.elephant.launcher.local;

import io.elephant.launcher.fake.RequestBucket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * How many requests EC2 takes of one account in one region: each action has a bucket of tokens, a
 * request takes one, and one that finds none is refused and costs none.
 *
 * <p>Sizes and refills are those of <a
 * href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request throttling
 * for the Amazon EC2 API</a>, as far as the stand-in knows the actions. The second bucket of
 * RunInstances, for instances (1000, and 2 a second), never runs dry before the one for requests
 * does, as long as a request is for one instance.
 */
public final class RequestBuckets {

  /** EC2 says no without a look at the request. */
  private static final Duration REFUSAL = Duration.ofMillis(20);

  private static final Size NON_MUTATING = new Size(100, 20);
  private static final Size UNFILTERED = new Size(50, 10);
  private static final Map<String, Size> OWN =
      Map.of("RunInstances", new Size(5, 2), "TerminateInstances", new Size(100, 5));

  private final Map<String, RequestBucket> buckets = new HashMap<>();

  private record Size(int tokens, int perSecond) {}

  /** How long after the first of so many requests EC2 takes the last one, at the earliest. */
  public static Duration until(String action, int requests) {
    Size size = OWN.getOrDefault(action, NON_MUTATING);
    return Duration.ofSeconds(Math.max(0, requests - size.tokens())).dividedBy(size.perSecond());
  }

  /** Takes a token for the call, or refuses it. */
  void admit(Call call) {
    if (!isAllowed(call.action(), isUnfiltered(call))) {
      LockSupport.parkNanos(REFUSAL.toNanos());
      throw new Refusal("RequestLimitExceeded", "Request limit exceeded.");
    }
  }

  private synchronized boolean isAllowed(String action, boolean unfiltered) {
    Size size = OWN.getOrDefault(action, unfiltered ? UNFILTERED : NON_MUTATING);
    return buckets
        .computeIfAbsent(
            unfiltered ? action + " unfiltered" : action,
            _ -> new RequestBucket(size.tokens(), size.perSecond()))
        .allows(System.nanoTime() / 1_000_000);
  }

  /** These two have a smaller bucket for requests with neither a filter nor pages. */
  private static boolean isUnfiltered(Call call) {
    return (call.action().equals("DescribeInstances")
            || call.action().equals("DescribeSecurityGroups"))
        && !call.parameters().containsKey("Filter.1.Name")
        && !call.parameters().containsKey("MaxResults");
  }
}
