package io.elephant.launcher.config;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** What the native executable runs: Quarkus, and beside its start what needs none of it. */
@QuarkusMain
public final class Main {

  private Main() {}

  public static void main(String... arguments) {
    // The log manager would look the host's name up, which no line of the log shows.
    System.setProperty("jboss.host.name", "lambda");
    var _ = Connections.ofProcess();
    Quarkus.run(arguments);
  }
}
