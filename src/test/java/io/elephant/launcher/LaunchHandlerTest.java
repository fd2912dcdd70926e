package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.launch.Launch;
import jakarta.inject.Provider;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class LaunchHandlerTest {

  @Test
  void turnsAnErrorOfJavasIntoAnExceptionBecauseThePollLoopSwallowsErrors() {
    Provider<Launch> broken =
        () -> {
          throw new StackOverflowError("planted");
        };

    assertThatExceptionOfType(BrokenInvocation.class)
        .isThrownBy(() ->
            new LaunchHandler(broken, () -> null)
                .handleRequest(
                    new ByteArrayInputStream("{}".getBytes(UTF_8)),
                    OutputStream.nullOutputStream(),
                    null))
        .withMessage("java.lang.StackOverflowError: planted");
  }
}
