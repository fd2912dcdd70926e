package io.elephant.launcher.lambda;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Ends the process when a thread dies of something that nobody caught. Quarkus's poll loop dies so
 * of an {@link Error} outside the handler, and a process without its poll loop would keep Lambda
 * waiting until the time-out; one that ends is a failed invocation at once, and the next starts
 * afresh.
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
        LOG.fatal("Thread " + thread.getName() + " died; the function ends", cause);
      } finally {
        Runtime.getRuntime().halt(EXIT_STATUS);
      }
    });
  }
}
