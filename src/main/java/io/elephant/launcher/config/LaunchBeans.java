package io.elephant.launcher.config;

import io.elephant.launcher.dryrun.DryRun;
import io.elephant.launcher.dynamodb.MeetingsTable;
import io.elephant.launcher.ec2.Stack;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.preflight.InstanceProfiles;
import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.preflight.Quotas;
import io.elephant.launcher.preflight.Resources;
import io.elephant.launcher.preflight.Table;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.Telemetry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Makes the launch of a checked configuration. Where the configuration is bad, asking for the
 * launch throws {@link BadConfiguration}, so every invocation fails with its message.
 */
final class LaunchBeans {

  private static final Logger LOG = Logger.getLogger(LaunchBeans.class);

  @Produces
  @Singleton
  Settings settings(Environment environment) {
    return ConfigurationCheck.settings(environment);
  }

  @Produces
  @Singleton
  MeetingsTable table(Settings settings) {
    return settings.table();
  }

  @Produces
  @Singleton
  Launch launch(Meetings meetings, Instances ec2, Settings settings) {
    return new Launch(meetings, ec2, settings.plan());
  }

  @Produces
  @Singleton
  DryRun rehearsal(Meetings meetings, Instances ec2, Settings settings) {
    return new DryRun(meetings, ec2, settings.plan());
  }

  /** Made of the environment itself: a bad configuration is counted, too. */
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

  @Produces
  @Singleton
  Preflight preflight(
      Settings settings,
      Table table,
      Resources resources,
      InstanceProfiles profiles,
      Quotas quotas) {
    return new Preflight(
        settings.region().id(), settings.plan(), table, resources, profiles, quotas);
  }

  /** Checks at start, when nobody is waiting, and lets the log say at once what is wrong. */
  void check(@Observes StartupEvent start, Instance<Settings> settings) {
    try {
      settings.get();
    } catch (BadConfiguration e) {
      LOG.error(e.getMessage());
    }
  }
}
