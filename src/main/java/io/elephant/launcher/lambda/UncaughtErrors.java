package io.elephant.launcher.lambda;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Exits the process when a thread ends with an exception that nothing caught. An {@link Error}
 * outside the handler ends Quarkus's poll loop, and Lambda would wait for the process until the
 * time-out. An exit counts as a failed invocation at once, and Lambda starts a new process.
 */
final class UncaughtErrors {

  private static final Logger LOG = Logger.getLogger(UncaughtErrors.class);
  private static final int EXIT_STATUS = 70;

  void install(@Observes StartupEvent start) {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      install();
    }
  }

  static void install() {
    Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> {
      try {
        LOG.fatal("Thread " + thread.getName() + " failed; the process exits", cause);
      } finally {
        exit();
      }
    });
  }

  /** Ends the process at once; Lambda starts another one. */
  static void exit() {
    Runtime.getRuntime().halt(EXIT_STATUS);
  }
}
