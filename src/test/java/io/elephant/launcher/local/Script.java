package io.elephant.launcher.local;

import io.elephant.launcher.local.Fault.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a test wants to go wrong, written as sentences:
 *
 * <pre>{@code
 * script.on("RunInstances").next(2).refuse("RequestLimitExceeded");
 * script.on("RunInstances").where(ec2.inZone("us-west-2a")).refuse("InsufficientInstanceCapacity");
 * script.on("UpdateItem").next().loseAnswer();
 * script.on("GetItem").delayAnswer(Duration.ofSeconds(2));
 * }</pre>
 *
 * <p>A sentence holds for every call, unless it says {@code next}. All sentences that match a call
 * strike, in the order in which they were written, so that a call can be delayed and then lost.
 */
public final class Script {

  /**
   * Capacity and quotas, which EC2 judges after the token: a token that has started its instance
   * keeps answering it, for a full zone takes no instance away. Anything else is said before EC2
   * has looked at the token.
   */
  private static final Set<String> AFTER_THE_TOKEN =
      Set.of(
          "InsufficientInstanceCapacity",
          "InsufficientHostCapacity",
          "InsufficientReservedInstanceCapacity",
          "InsufficientCapacity",
          "InsufficientCapacityOnHost",
          "InsufficientVolumeCapacity",
          "InsufficientFreeAddressesInSubnet",
          "InsufficientAddressCapacity",
          "ReservationCapacityExceeded",
          "UnfulfillableCapacity",
          "SpotMaxPriceTooLow",
          "Unsupported",
          "InstanceLimitExceeded",
          "VcpuLimitExceeded",
          "MaxSpotInstanceCountExceeded",
          "VolumeLimitExceeded",
          "NetworkInterfaceLimitExceeded");

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  Script() {}

  /** A sentence about the calls of one action. */
  public Sentence on(String action) {
    return new Sentence(call -> call.action().equals(action), Integer.MAX_VALUE);
  }

  /** A sentence about all calls. */
  public Sentence onEveryCall() {
    return new Sentence(call -> true, Integer.MAX_VALUE);
  }

  /** Forgets every sentence: from now on nothing goes wrong. */
  public void clear() {
    rules.clear();
  }

  /** The faults that strike the call at this moment; each one that strikes is used up once. */
  List<Fault> strike(Call call, Moment moment) {
    return rules.stream()
        .filter(rule -> rule.fault.moment() == moment && rule.strikes(call))
        .map(Rule::fault)
        .toList();
  }

  private record Rule(Predicate<Call> calls, AtomicInteger left, Fault fault) {
    boolean strikes(Call call) {
      return calls.test(call)
          && left.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : Math.max(0, n - 1)) > 0;
    }
  }

  /** The beginning of a sentence: which calls. Its end says what happens to them. */
  public final class Sentence {

    private final Predicate<Call> calls;
    private final int times;

    private Sentence(Predicate<Call> calls, int times) {
      this.calls = calls;
      this.times = times;
    }

    /** Only calls that fulfil this, too. */
    public Sentence where(Predicate<Call> condition) {
      return new Sentence(calls.and(condition), times);
    }

    /** Only the next call. */
    public Sentence next() {
      return next(1);
    }

    /** Only so many of the next calls. */
    public Sentence next(int count) {
      return new Sentence(calls, count);
    }

    /** AWS refuses with this code, and the HTTP status and a message that go with it. */
    public void refuse(String code) {
      refuse(code, Refusal.statusOf(code));
    }

    /** AWS refuses with this code and HTTP status. */
    public void refuse(String code, int status) {
      refuse(new Refusal(status, code, "Scripted: " + code));
    }

    /** AWS refuses with this code, its HTTP status, and this message. */
    public void refuse(String code, String message) {
      refuse(new Refusal(code, message));
    }

    private void refuse(Refusal refusal) {
      Moment moment = AFTER_THE_TOKEN.contains(refusal.code()) ? Moment.DECISION : Moment.ARRIVAL;
      add(new Fault.Refused(moment, refusal));
    }

    /** The connection breaks before anything was done. */
    public void loseRequest() {
      add(new Fault.Loss(Moment.ARRIVAL));
    }

    /** Everything was done, and then the connection breaks. */
    public void loseAnswer() {
      add(new Fault.Loss(Moment.ANSWER));
    }

    /** Everything was done, but this is the answer, such as a load balancer's page. */
    public void replaceAnswer(int status, String contentType, String body) {
      add(new Fault.Replaced(Answer.of(status, contentType, body)));
    }

    /** Everything was done, and then the connection breaks in the middle of the answer. */
    public void cutAnswer() {
      add(new Fault.Cut());
    }

    /** The call stands still before anything was done. */
    public void delayWork(Duration duration) {
      add(new Fault.Delay(Moment.ARRIVAL, duration));
    }

    /** Everything was done, and then the answer stands still. */
    public void delayAnswer(Duration duration) {
      add(new Fault.Delay(Moment.ANSWER, duration));
    }

    /** Calls the test before anything was done. */
    public void beforeWork(Consumer<Call> hook) {
      add(new Fault.Hook(Moment.ARRIVAL, hook));
    }

    /** Calls the test after everything was done, before the answer is sent. */
    public void afterWork(Consumer<Call> hook) {
      add(new Fault.Hook(Moment.ANSWER, hook));
    }

    private void add(Fault fault) {
      rules.add(new Rule(calls, new AtomicInteger(times), fault));
    }
  }
}
