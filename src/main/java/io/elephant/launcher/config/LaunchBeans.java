package io.elephant.launcher.config;

import io.elephant.launcher.aws.MeetingsTable;
import io.elephant.launcher.aws.Stack;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.Telemetry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Makes the beans of a checked configuration. Where the configuration is bad, each bean's creation
 * throws {@link BadConfiguration}, so every invocation fails with its message.
 */
final class LaunchBeans {

  private static final Logger LOG = Logger.getLogger(LaunchBeans.class);

  @Produces
  @Singleton
  Settings settings(Environment environment) {
    SdkVariables sdk = SdkVariables.ofProcess();
    sdk.hideEmpty();
    return ConfigurationCheck.settings(environment, sdk);
  }

  @Produces
  @Singleton
  MeetingsTable table(Settings settings) {
    return settings.table();
  }

  @Produces
  @Singleton
  Launch launch(Meetings meetings, Instances ec2, Settings settings) {
    return new Launch(meetings, ec2, settings.plan(), settings.recoveryMode());
  }

  /** Made from the environment, because a bad configuration is counted, too. */
  @Produces
  @Singleton
  Telemetry telemetry(Environment environment) {
    return new Telemetry(environment.stackName().map(String::strip).orElse(""));
  }

  @Produces
  @Singleton
  Stack stack(Settings settings) {
    return settings.stack();
  }

  @Produces
  @Singleton
  Sweep sweep(Meetings meetings, Instances ec2, Settings settings) {
    return new Sweep(meetings, ec2, settings.plan(), settings.sweepGrace(), settings.sweepMode());
  }

  /**
   * Checks at start, so that the log says what is wrong before the first event; and makes what
   * needs no event.
   */
  void check(@Observes StartupEvent start, Instance<Launch> launch) {
    try {
      var _ = launch.get();
      Connections.ofProcess().await();
    } catch (BadConfiguration e) {
      LOG.error(e.getMessage());
    }
  }
}
