package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.elephant.launcher.dryrun.DryRun;
import io.elephant.launcher.dryrun.DryRunReport;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.preflight.PreflightReport;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.InvocationLog;
import io.elephant.launcher.telemetry.InvocationOutcome;
import io.elephant.launcher.telemetry.Telemetry;
import jakarta.inject.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Handles an event: reads it, does what it asks for and writes the reply. Every failure leaves as
 * an exception, which Lambda counts as a failed invocation and delivers again.
 */
public final class LaunchHandler implements RequestStreamHandler {

  private final Provider<Launch> launch;
  private final Provider<DryRun> dryRun;
  private final Provider<Sweep> sweep;
  private final Provider<Preflight> preflight;
  private final Telemetry telemetry;
  private final EventReader events = new EventReader();
  private final ReplyWriter replies = new ReplyWriter();

  /** Takes providers: a bad configuration fails each invocation with its message. */
  public LaunchHandler(
      Provider<Launch> launch,
      Provider<DryRun> dryRun,
      Provider<Sweep> sweep,
      Provider<Preflight> preflight,
      Telemetry telemetry) {
    this.launch = launch;
    this.dryRun = dryRun;
    this.sweep = sweep;
    this.preflight = preflight;
    this.telemetry = telemetry;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    InvocationLog log = telemetry.open(context.getAwsRequestId());
    ScopedValue.where(InvocationLog.CURRENT, log)
        .<Optional<Void>, IOException>call(() -> {
          handle(input, output, context, log);
          return Optional.empty();
        });
  }

  private void handle(InputStream input, OutputStream output, Context context, InvocationLog log)
      throws IOException {
    try {
      byte[] body = input.readAllBytes();
      Launch configured = launch.get();
      LambdaInvocation invocation = LambdaInvocation.of(context, log);
      InvocationOutcome outcome =
          switch (events.read(body)) {
            case LaunchMeeting(MeetingId meeting) -> {
              log.begin("launch", Optional.of(meeting));
              LaunchReport report = configured.launch(meeting, invocation);
              replies.write(report, output);
              yield new InvocationOutcome.Delivered(report);
            }
            case DryRunLaunch(MeetingId meeting) -> {
              log.begin("dry run", Optional.of(meeting));
              DryRunReport report = dryRun.get().rehearse(meeting, invocation.now());
              replies.write(report, output);
              yield new InvocationOutcome.Answered("would be " + report.outcome());
            }
            case SweepStrays() -> {
              log.begin("sweep", Optional.empty());
              List<Sweep.Stray> strays = sweep.get().sweep(invocation.now());
              replies.write(strays, output);
              yield new InvocationOutcome.Swept(strays);
            }
            case RunPreflight() -> {
              log.begin("preflight", Optional.empty());
              PreflightReport report = preflight.get().run(invocation);
              replies.write(report, output);
              yield new InvocationOutcome.Answered(report.obstacles() + " obstacles");
            }
          };
      telemetry.close(log, outcome);
    } catch (Exception e) {
      telemetry.close(log, new InvocationOutcome.Failed(e));
      throw e;
    } catch (Error e) {
      HandlerError failure = new HandlerError(e);
      telemetry.close(log, new InvocationOutcome.Failed(failure));
      throw failure;
    }
  }
}
