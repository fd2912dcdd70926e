package io.elephant.launcher.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.preflight.Check.Unknown;
import org.junit.jupiter.api.Test;

class CheckTest {

  @Test
  void leavesOpenWhatTakesTooLong() {
    Check check =
        Check.of(
            "image",
            "ami-1",
            () -> {
              throw new OutOfTime();
            });

    assertThat(check)
        .isEqualTo(
            new Check("image", "ami-1", new Unknown("AWS did not answer in time", "Ask again")));
  }
}
