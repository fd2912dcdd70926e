package io.elephant.launcher.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.Context;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.telemetry.Telemetry;
import jakarta.inject.Provider;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class LaunchHandlerTest {

  @Test
  void throwsAJavaErrorAsAnExceptionBecauseThePollLoopSwallowsErrors() {
    Provider<Launch> failing =
        () -> {
          throw new StackOverflowError("planted");
        };

    assertThatExceptionOfType(HandlerError.class)
        .isThrownBy(() ->
            new LaunchHandler(failing, () -> null, () -> null, new Telemetry("a-stack"))
                .handleRequest(
                    new ByteArrayInputStream("{}".getBytes(UTF_8)),
                    OutputStream.nullOutputStream(),
                    context()))
        .withMessage("java.lang.StackOverflowError: planted");
  }

  /** Before the launch is made only the id of the request is read. */
  private static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> "id-1");
  }
}
