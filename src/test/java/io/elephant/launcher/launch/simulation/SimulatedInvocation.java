package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** An invocation whose time is the scheduler's and whose threads are coroutines. */
class SimulatedInvocation implements Invocation {

  private final SimulatedProcess process;
  private final Scheduler scheduler;
  private final Choices choices;

  SimulatedInvocation(Network network) {
    process = network.process();
    scheduler = network.scheduler();
    choices = network.choices();
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(scheduler.now());
  }

  @Override
  public Duration remaining() {
    return Duration.ofMillis(process.deadline() - scheduler.now());
  }

  @Override
  public void sleep(Duration time) {
    scheduler.sleep(time.toMillis());
  }

  @Override
  public Duration vary(Duration limit) {
    return Duration.ofMillis(limit.toMillis() - choices.within(limit.toMillis() / 2));
  }

  @Override
  public String id() {
    return process.toString();
  }

  @Override
  public <T> Pending<T> async(Supplier<T> task) {
    return scheduler.beside(process, task, process.deadline() - SimulatedProcess.KEPT_TO_ANSWER);
  }

  @Override
  public void record(Step step) {}
}
