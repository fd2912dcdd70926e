package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code make run} of each file of {@code events/}. */
class EventsIT extends OnLocalAws {

  @ParameterizedTest
  @MethodSource("files")
  void endsWithSuccessUnlessThePageSaysThatTheEventFails(Path event) throws IOException {
    String name = event.getFileName().toString();
    String row =
        Pages.text(Pages.EVENTS)
            .lines()
            .filter(line -> line.contains("`" + name + "`"))
            .findFirst()
            .orElseThrow();
    var shown = new ByteArrayOutputStream();

    boolean succeeded = Run.deliver(event, function(), aws, new PrintStream(shown, true, UTF_8));

    assertThat(succeeded)
        .as(shown.toString(UTF_8))
        .isEqualTo(!name.startsWith("bad-") && !row.contains("fails"));
    assertThat(shown.toString(UTF_8))
        .contains(succeeded && row.contains("launch") ? "Both instances run" : "Reply")
        .doesNotContainPattern(" -\\d+  ");
  }

  static List<Path> files() {
    return Pages.events();
  }
}
