package io.elephant.launcher.launch.simulation;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every run of a story: every order of its calls with up to so many mishaps. A run that comes to a
 * state that another one came to ends there, because the same would follow. A state is what the row
 * was and is, what EC2 holds, what is still on its way, what every process was told so far and
 * when; and as the processes are deterministic, what they were told is what they know.
 */
record Search(Story story, int mishaps, Mistake mistake) {

  /** The first path that breaks a rule. */
  record Broken(List<Integer> path, String rule, String trace) {

    @Override
    public String toString() {
      return "path %s breaks %s\n\n%s\n".formatted(path, rule, trace);
    }
  }

  record Result(long runs, long states, long ends, Duration time, Optional<Broken> broken) {

    @Override
    public String toString() {
      String figures =
          "%,d runs through %,d states to %,d ends in %.1f s"
              .formatted(runs, states, ends, time.toMillis() / 1000.0);
      return broken.map(found -> found + "\n" + figures).orElse(figures + ", no rule broken");
    }
  }

  Result run() {
    long begin = System.nanoTime();
    Set<Long> states = new HashSet<>();
    Optional<Broken> broken = Optional.empty();
    List<Integer> way = List.of();
    long runs = 0;
    long ends = 0;
    do {
      Path path = new Path(way, mishaps, states);
      Verdict verdict = Simulation.run(story, path, Trace.none(), mistake);
      runs++;
      ends += verdict.ended() ? 1 : 0;
      if (verdict.broken().isPresent()) {
        broken = Optional.of(explain(path.taken()));
      }
      way = path.next();
    } while (!way.isEmpty() && broken.isEmpty());
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    return new Result(runs, states.size(), ends, time, broken);
  }

  private Broken explain(List<Integer> way) {
    Path path = new Path(way, mishaps, new HashSet<>());
    Verdict verdict = Simulation.run(story, path, Trace.full(), mistake);
    return new Broken(way, verdict.broken().orElse("nothing the second time"), verdict.trace());
  }
}
