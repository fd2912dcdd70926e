package io.elephant.launcher.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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

  /** The moments of a call at which something can go wrong. */
  enum Moment {
    /** The call has arrived and nothing has been done. */
    ARRIVAL,
    /** The request is valid and new, and is about to be carried out. */
    DECISION,
    /** Whatever there was to do has been done, and the answer is about to be sent. */
    ANSWER
  }

  /** Says what is answered in place of this answer; throws where AWS refuses. */
  private interface Fault {
    Answer strike(Call call, Answer answer);
  }

  /**
   * Capacity and quotas, which EC2 judges after the token: a token that has started its instance
   * keeps answering it, for a full zone takes no instance away. Anything else is said before EC2
   * has looked at the token.
   */
  private static final Pattern AFTER_THE_TOKEN =
      Pattern.compile(
          "Insufficient.*|.*Capacity.*|(Instance|Vcpu|Volume|NetworkInterface)LimitExceeded"
              + "|MaxSpotInstanceCountExceeded|SpotMaxPriceTooLow|Unsupported");

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  Script() {}

  public Sentence on(String action) {
    return new Sentence(call -> call.action().equals(action), Integer.MAX_VALUE);
  }

  public Sentence onEveryCall() {
    return new Sentence(call -> true, Integer.MAX_VALUE);
  }

  /** Forgets every sentence: from now on nothing goes wrong. */
  public void clear() {
    rules.clear();
  }

  /** What is answered once each fault of this moment has struck; each is used up once. */
  Answer strike(Call call, Moment moment, Answer answer) {
    Answer struck = answer;
    for (Rule rule : rules) {
      if (rule.moment == moment && rule.strikes(call)) {
        struck = rule.fault.strike(call, struck);
      }
    }
    return struck;
  }

  private record Rule(Predicate<Call> calls, AtomicInteger left, Moment moment, Fault fault) {
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

    public Sentence where(Predicate<Call> condition) {
      return new Sentence(calls.and(condition), times);
    }

    public Sentence next() {
      return next(1);
    }

    public Sentence next(int count) {
      return new Sentence(calls, count);
    }

    /** AWS refuses with this code, and the HTTP status and a message that go with it. */
    public void refuse(String code) {
      add(
          AFTER_THE_TOKEN.matcher(code).matches() ? Moment.DECISION : Moment.ARRIVAL,
          (_, _) -> {
            throw new Refusal(code, "Scripted: " + code);
          });
    }

    /** The connection breaks before anything was done. */
    public void loseRequest() {
      add(Moment.ARRIVAL, (_, _) -> Answer.LOST);
    }

    /** Everything was done, and then the connection breaks. */
    public void loseAnswer() {
      add(Moment.ANSWER, (_, _) -> Answer.LOST);
    }

    /** Everything was done, but this is the answer, such as a load balancer's page. */
    public void replaceAnswer(int status, String contentType, String body) {
      add(Moment.ANSWER, (_, _) -> Answer.of(status, contentType, body));
    }

    /** Everything was done, and then the connection breaks in the middle of the answer. */
    public void cutAnswer() {
      add(Moment.ANSWER, (_, answer) -> answer.cut());
    }

    /** The call stands still before anything was done. */
    public void delayWork(Duration duration) {
      add(Moment.ARRIVAL, (_, answer) -> after(duration, answer));
    }

    /** Everything was done, and then the answer stands still. */
    public void delayAnswer(Duration duration) {
      add(Moment.ANSWER, (_, answer) -> after(duration, answer));
    }

    private static Answer after(Duration duration, Answer answer) {
      try {
        Thread.sleep(duration);
        return answer;
      } catch (InterruptedException e) {
        throw new IllegalStateException("The stand-in was closed", e);
      }
    }

    public void beforeWork(Consumer<Call> hook) {
      add(Moment.ARRIVAL, (call, answer) -> after(hook, call, answer));
    }

    public void afterWork(Consumer<Call> hook) {
      add(Moment.ANSWER, (call, answer) -> after(hook, call, answer));
    }

    private static Answer after(Consumer<Call> hook, Call call, Answer answer) {
      hook.accept(call);
      return answer;
    }

    private void add(Moment moment, Fault fault) {
      rules.add(new Rule(calls, new AtomicInteger(times), moment, fault));
    }
  }
}
