package io.elephant.launcher.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.ProcessResult;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UncaughtErrorsTest {

  /** A process whose main thread sleeps on while another thread ends with an error. */
  static final class FailingProcess {

    private FailingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
      UncaughtErrors.install();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            throw new StackOverflowError("planted");
          });
      Thread.sleep(TimeUnit.MINUTES.toMillis(1));
    }
  }

  @Test
  void exitsWhenAThreadEndsWithAnError() throws Exception {
    ProcessResult result =
        ProcessResult.of(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FailingProcess.class.getName()),
            "");

    assertThat(result.status()).isEqualTo(70);
    assertThat(result.output()).contains("StackOverflowError: planted");
  }
}
