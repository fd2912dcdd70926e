package io.elephant.launcher.launch.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Many runs, each by the chance of its own seed. */
record Seeds(Mistake mistake) {

  /** The lowest seed that was found to break a rule, and how. */
  record Broken(long seed, String rule, String trace) {

    @Override
    public String toString() {
      return """
      seed %d breaks %s

      %s

      Once more: mvn test -Dtest=SimulationTest -Dsimulation.seed=%d
      """
          .formatted(seed, rule, trace, seed);
    }
  }

  record Result(long runs, Duration time, Optional<Broken> broken) {

    @Override
    public String toString() {
      String figures =
          "%,d runs in %.1f s: %,d a second"
              .formatted(
                  runs, time.toMillis() / 1000.0, 1000 * runs / Math.max(1, time.toMillis()));
      return broken.map(found -> found + "\n" + figures).orElse(figures + ", no rule broken");
    }
  }

  /** One seed's run, with its trace. */
  Simulation.Verdict run(long seed) {
    return run(seed, new Trace(true));
  }

  Simulation.Verdict run(long seed, Trace trace) {
    Choices choices = new Choices(seed);
    Scenario scenario = Scenario.of(choices);
    choices.drawRates();
    return Simulation.run(scenario, choices, trace, mistake);
  }

  /** Runs {@code count} seeds from {@code first} on until one breaks a rule, on every processor. */
  Result run(long first, long count) {
    long begin = System.nanoTime();
    AtomicLong next = new AtomicLong(first);
    AtomicLong broken = new AtomicLong(Long.MAX_VALUE);
    AtomicLong runs = new AtomicLong();
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(_ -> {
          long seed = next.getAndIncrement();
          while (seed < first + count && seed < broken.get()) {
            if (run(seed, new Trace(false)).broken().isPresent()) {
              broken.accumulateAndGet(seed, Math::min);
            }
            runs.incrementAndGet();
            seed = next.getAndIncrement();
          }
        });
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    return new Result(
        runs.get(),
        time,
        broken.get() == Long.MAX_VALUE ? Optional.empty() : Optional.of(explain(broken.get())));
  }

  private Broken explain(long seed) {
    Simulation.Verdict verdict = run(seed);
    return new Broken(
        seed,
        verdict.broken().orElse("a rule, but not again: the run is not deterministic"),
        verdict.trace());
  }
}
