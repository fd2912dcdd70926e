package io.elephant.launcher.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.Context;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.launch.Invocation.Pending;
import io.elephant.launcher.telemetry.InvocationLog;
import io.elephant.launcher.telemetry.Telemetry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LambdaInvocationTest {

  private final InvocationLog log = new Telemetry("a-stack").open("a-request");

  @Test
  void hasAnIdOfItsOwnBecauseLambdaRepeatsTheRequestsId() {
    assertThat(invocation(300_000).id()).isNotEqualTo(invocation(300_000).id());
  }

  @Test
  void waitsForATaskUntilFourSecondsBeforeItsEnd() {
    CountDownLatch never = new CountDownLatch(1);
    Instant start = Instant.now();

    Pending<String> slow = invocation(4_300).async(() -> await(never));

    assertThatExceptionOfType(OutOfTime.class).isThrownBy(slow::get);
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
    never.countDown();
  }

  @Test
  void keepsTheMainThreadNoLongerThanItsEndWhateverACallWaitsFor() {
    CountDownLatch never = new CountDownLatch(1);
    LambdaInvocation invocation = invocation(900);

    assertThatExceptionOfType(OutOfTime.class)
        .isThrownBy(() -> invocation.inTime(() -> await(never)));
    assertThat(invocation.remaining()).isPositive();
    never.countDown();
  }

  @Test
  void throwsWhatTheTaskThrew() {
    IllegalStateException failure = new IllegalStateException("planted");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            invocation(300_000)
                .inTime(() -> {
                  throw failure;
                }))
        .isSameAs(failure);
  }

  private static String await(CountDownLatch latch) {
    try {
      latch.await();
      return "the answer";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An invocation that ends after so many milliseconds. */
  private LambdaInvocation invocation(int millis) {
    Context context =
        (Context)
            Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (_, _, _) -> millis);
    return new LambdaInvocation(context, log);
  }
}
