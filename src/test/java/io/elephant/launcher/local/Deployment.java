package io.elephant.launcher.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The deployed function: its package, its variables, and the process that runs it. */
final class Deployment implements AutoCloseable {

  /**
   * The function gives up with fifteen seconds left: so much less than Lambda's limit, to be brief.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(19);

  private final FunctionPackage function;
  private final SequencedMap<String, String> variables;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private FunctionProcess process;

  Deployment(FunctionPackage function, SequencedMap<String, String> variables) {
    this.function = function;
    this.variables = variables;
    this.process = start();
  }

  private FunctionProcess start() {
    return FunctionProcess.start(function, variables, TIMEOUT, log::add);
  }

  /** Has the function work on an event, in a process that is there or in a new one. */
  InvocationResult invoke(String event) {
    if (!process.isAlive()) {
      restart();
    }
    InvocationResult result = process.invoke(event);
    var _ = process.settledLog();
    return result;
  }

  /** What {@code make deploy} does after a change in {@code terraform.tfvars}. */
  void set(String name, String value) {
    variables.put(name, value);
    restart();
  }

  private void restart() {
    process.close();
    process = start();
  }

  /** What it has logged, over all its processes. */
  List<String> log() {
    return new ArrayList<>(log);
  }

  @Override
  public void close() {
    process.close();
  }
}
