package io.elephant.launcher.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncLambdaTest {

  private static final String FUNCTION =
      """
      const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
      for (;;) {
        const next = await fetch(api + 'next');
        const event = await next.json();
        console.log(process.pid);
        if (event === 'die') process.exit(1);
        if (event === 'hang') await new Promise(resolve => setTimeout(resolve, 60_000));
        const id = next.headers.get('lambda-runtime-aws-request-id');
        const end = event === 'fail' ? 'error' : 'response';
        await fetch(`${api}${id}/${end}`, {method: 'POST', body: '{}'});
      }
      """;

  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path directory;
  private Path log;
  private FunctionPackage function;

  @BeforeEach
  void write() throws Exception {
    log = directory.resolve("log");
    Path file = Files.writeString(directory.resolve("function.mjs"), FUNCTION);
    function = new FunctionPackage.Script(List.of("node"), file);
  }

  @Test
  void deliversAFailedEventTwiceMoreAndThenLosesIt() throws Exception {
    try (AsyncLambda lambda = lambda(Duration.ofSeconds(10), 9)) {
      deliver(lambda, "fail", "answer");

      assertThat(lambda.answered()).isEqualTo(1);
      assertThat(lambda.lost()).isEqualTo(1);
      assertThat(lambda.redelivered()).isEqualTo(2);
    }
  }

  @Test
  void givesAnEventToANewProcessAfterOneThatDiedOrRanOutOfTime() throws Exception {
    try (AsyncLambda lambda = lambda(Duration.ofMillis(200), 9)) {
      deliver(lambda, "hang", "die");

      assertThat(lambda.lost()).isEqualTo(2);
      assertThat(lambda.redelivered()).isEqualTo(4);
      assertThat(processes()).hasSize(6).doesNotHaveDuplicates();
    }
  }

  @Test
  void letsEventsWaitForTheConcurrencyAndAProcessTakeOneAfterAnother() throws Exception {
    try (AsyncLambda lambda = lambda(Duration.ofSeconds(10), 1)) {
      deliver(lambda, "answer", "answer", "fail", "answer");

      assertThat(lambda.answered()).isEqualTo(3);
      assertThat(lambda.lost()).isEqualTo(1);
      assertThat(processes()).hasSize(6).containsOnly(processes().getFirst());
    }
  }

  private AsyncLambda lambda(Duration timeout, int concurrency) {
    var rules =
        new AsyncLambda.Rules(timeout, concurrency, List.of(MOMENT, MOMENT), MOMENT, MOMENT);
    return new AsyncLambda(function, Map.of(), rules, log);
  }

  private static void deliver(AsyncLambda lambda, String... events) throws Exception {
    lambda.start(events.length);
    lambda.deliver(List.of(events).stream().map(event -> '"' + event + '"').toList());
    assertThat(lambda.awaitEnd(Duration.ofSeconds(20))).isTrue();
  }

  private List<String> processes() throws Exception {
    return Files.readAllLines(log);
  }
}
