package io.elephant.launcher.fake;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.StartRequest.Pool;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one account and region as EC2's documents describe them, without anything that
 * goes wrong on the way there: tokens by zone, capacity, quotas, an eventually consistent view,
 * tags, and permissions.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
 *     consistency in the Amazon EC2 API</a>
 */
public final class Ec2Model {

  /** Somebody, this function included, has terminated it. */
  public static final Refusal USER =
      new Refusal("Client.UserInitiatedShutdown", "User initiated shutdown");

  public static final String UNKNOWN_ID = "InvalidInstanceID.NotFound";

  /** A terminated instance is shown for about an hour. */
  static final long SHOWN_AFTER_END = 3_600_000;

  /** A token is remembered for its instance's life and a day. */
  static final long TOKEN_AFTER_END = 86_400_000;

  /** What a world decides, for one instance and one call at a time. */
  public interface Chances {

    /** By how many milliseconds this look lags for this instance; a minute at most. */
    long lag(Ec2Instance instance, long now);

    /** Whether a refusal binds its token. */
    default boolean bindsRefused() {
      return false;
    }

    /** Whether a token brings its dead instance back, and not only an error. */
    boolean bringsDeadBack();
  }

  /** A token counts within one zone. */
  private record Scope(String token, String zone) {}

  /** What a token stands for; a request that was refused can have bound it too. */
  private record Bound(Object parameters, @Nullable Ec2Instance instance) {}

  private final LongSupplier clock;
  private final Chances chances;
  private final Function<StartRequest, String> ids;
  private final Map<Scope, Bound> tokens = new LinkedHashMap<>();
  private final Map<String, Ec2Instance> instances = new LinkedHashMap<>();
  private final Set<Pool> full = new HashSet<>();
  private final Set<String> overQuota = new HashSet<>();

  /** By so many milliseconds EC2's clock is ahead of the caller's. */
  public long skew;

  /** Whether the caller's policy asks for a tag, so that an id that is not known is not allowed. */
  public boolean authorizesFirst;

  /**
   * @param clock in milliseconds
   * @param ids the id of what a request starts
   */
  public Ec2Model(LongSupplier clock, Chances chances, Function<StartRequest, String> ids) {
    this.clock = clock;
    this.chances = chances;
    this.ids = ids;
  }

  public void setFull(Pool pool, boolean isFull) {
    set(full, pool, isFull);
  }

  public boolean isFull(Pool pool) {
    return full.contains(pool);
  }

  /** The account may not have more of a type, until it may again. */
  public void setOverQuota(String instanceType, boolean over) {
    set(overQuota, instanceType, over);
  }

  private static <T> void set(Set<T> all, T one, boolean in) {
    if (in) {
      all.add(one);
    } else {
      all.remove(one);
    }
  }

  /** All that were ever started, dead and forgotten ones too. */
  public Collection<Ec2Instance> instances() {
    return instances.values();
  }

  public Optional<Ec2Instance> instance(String id) {
    return Optional.ofNullable(instances.get(id));
  }

  /** When it was started, by EC2's clock. */
  public long launched(Ec2Instance instance) {
    return instance.started() + skew;
  }

  /** An instance from before, which its token brings back. */
  public Ec2Instance existing(String id, StartRequest request, long started) {
    Ec2Instance instance = new Ec2Instance(id, request, started);
    instances.put(id, instance);
    tokens.put(scope(request), new Bound(request.parameters(), instance));
    return instance;
  }

  /** RunInstances. */
  public StartAnswer start(StartRequest request) {
    return start(request, () -> {});
  }

  /**
   * RunInstances.
   *
   * @param decision called right before something is started; throws where that is refused
   */
  public StartAnswer start(StartRequest request, Runnable decision) {
    Bound bound = request.token().isEmpty() ? null : tokens.get(scope(request));
    long now = clock.getAsLong();
    if (bound != null && isTokenForgotten(bound, now)) {
      bound = null;
    }
    if (bound != null && !bound.parameters().equals(request.parameters())) {
      return refused("IdempotentParameterMismatch", "The client token came with other parameters.");
    }
    if (bound != null && bound.instance() != null) {
      return bound.instance().isAlive() || chances.bringsDeadBack()
          ? new StartAnswer.Started(bound.instance(), false)
          : refused("IdempotentInstanceTerminated", bound.instance().id() + " is terminated");
    }
    decision.run();
    Pool pool = request.pool();
    if (overQuota.contains(pool.instanceType())) {
      return refused("VcpuLimitExceeded", "no more of " + pool.instanceType());
    }
    if (full.contains(pool)) {
      if (bound == null && chances.bindsRefused()) {
        tokens.put(scope(request), new Bound(request.parameters(), null));
      }
      return refused("InsufficientInstanceCapacity", pool.zone() + " is full");
    }
    return new StartAnswer.Started(existing(ids.apply(request), request, now), true);
  }

  private static boolean isTokenForgotten(Bound bound, long now) {
    Ec2Instance instance = bound.instance();
    return instance != null && !instance.isAlive() && now - instance.dying() > TOKEN_AFTER_END;
  }

  private static StartAnswer refused(String code, String message) {
    return new StartAnswer.Refused(new Refusal(code, message));
  }

  private static Scope scope(StartRequest request) {
    return new Scope(request.token(), request.pool().zone());
  }

  /** DescribeInstances, before its filters: each instance as this look shows it. */
  public List<InstanceView> describe() {
    return instances.values().stream().flatMap(one -> view(one).stream()).toList();
  }

  /** DescribeInstances of one id: empty stands for {@value #UNKNOWN_ID}. */
  public Optional<InstanceView> describe(String id) {
    return instance(id).flatMap(this::view);
  }

  /** The instance as it is now, as the answer to its token shows it. */
  public InstanceView now(Ec2Instance instance) {
    return instance.viewAt(clock.getAsLong(), skew);
  }

  private Optional<InstanceView> view(Ec2Instance instance) {
    long now = clock.getAsLong();
    long then = now - chances.lag(instance, now);
    boolean forgotten = !instance.isAlive() && now - instance.dying() > SHOWN_AFTER_END;
    return forgotten || then < instance.started()
        ? Optional.empty()
        : Optional.of(instance.viewAt(then, skew));
  }

  /** TerminateInstances of one id: the error, or none where it ends or has ended. */
  public Optional<Refusal> terminate(String id) {
    Optional<Refusal> refused = refusesToTerminate(id);
    if (refused.isEmpty()) {
      end(instances.get(id), Optional.of(USER), "User initiated");
    }
    return refused;
  }

  /** Why TerminateInstances is refused for this id, where it is. */
  public Optional<Refusal> refusesToTerminate(String id) {
    long now = clock.getAsLong();
    Optional<Ec2Instance> found =
        instance(id)
            .filter(one -> now >= one.unknownUntil)
            .filter(one -> one.isAlive() || now - one.dying() <= SHOWN_AFTER_END);
    if (found.isEmpty()) {
      return Optional.of(
          authorizesFirst
              ? new Refusal("UnauthorizedOperation", "not allowed to terminate " + id)
              : new Refusal(UNKNOWN_ID, id + " does not exist"));
    }
    if (found.get().isProtected && found.get().isAlive()) {
      return Optional.of(new Refusal("OperationNotPermitted", id + " is protected"));
    }
    return Optional.empty();
  }

  /** The instance ends, of itself or by somebody's hand; EC2 does not always say why. */
  public void end(Ec2Instance instance, Optional<Refusal> why, String oldReason) {
    instance.end(clock.getAsLong(), why, oldReason);
  }

  public void stop(Ec2Instance instance, Optional<Refusal> why, String oldReason) {
    instance.stop(clock.getAsLong(), why, oldReason);
  }
}
