package io.elephant.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.bench.StormResult.Plan;
import io.elephant.launcher.local.FunctionPackage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StormIT {

  private static final FunctionPackage FUNCTION =
      Boolean.getBoolean("function.native")
          ? FunctionPackage.nativeExecutable()
          : FunctionPackage.jvm().prepared();

  @Test
  void launchesEveryMeetingOfASmallStormOnceAndNoSoonerThanEc2LetsIt() throws Exception {
    var plan = new Plan(Plan.OURS, 3, Plan.UNLIMITED, Duration.ofMinutes(1));

    StormResult storm = Storm.run(plan, FUNCTION);

    assertThat(storm.launched()).hasSize(3);
    assertThat(storm.launched().getLast()).isGreaterThanOrEqualTo(StormResult.limit(3));
    assertThat(storm.calls().get(StormResult.LAUNCH).allowed()).isEqualTo(6);
    assertThat(storm.redelivered()).isZero();
    assertThat(storm.unnamed()).isZero();
  }
}
