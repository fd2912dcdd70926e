package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.elephant.launcher.dryrun.DryRun;
import io.elephant.launcher.dryrun.DryRunReport;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.lambda.Event.CheckReadiness;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RehearseLaunch;
import io.elephant.launcher.lambda.Event.SweepStrays;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.preflight.PreflightReport;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.Ending;
import io.elephant.launcher.telemetry.InvocationLog;
import io.elephant.launcher.telemetry.Telemetry;
import jakarta.inject.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The Lambda's door: reads the event, has the meeting launched, and writes the reply. Whatever goes
 * wrong leaves as an exception, which Lambda counts as a failed invocation and delivers again.
 */
public final class LaunchHandler implements RequestStreamHandler {

  private final Provider<Launch> launch;
  private final Provider<DryRun> rehearsal;
  private final Provider<Sweep> sweep;
  private final Provider<Preflight> preflight;
  private final Telemetry telemetry;
  private final EventReader events = new EventReader();
  private final ReplyWriter replies = new ReplyWriter();

  /** Takes what it runs unmade: it cannot be made of a bad configuration, which must be said. */
  public LaunchHandler(
      Provider<Launch> launch,
      Provider<DryRun> rehearsal,
      Provider<Sweep> sweep,
      Provider<Preflight> preflight,
      Telemetry telemetry) {
    this.launch = launch;
    this.rehearsal = rehearsal;
    this.sweep = sweep;
    this.preflight = preflight;
    this.telemetry = telemetry;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    InvocationLog journal = telemetry.open(context.getAwsRequestId());
    ScopedValue.where(InvocationLog.CURRENT, journal)
        .<Optional<Void>, IOException>call(() -> {
          handle(input, output, context, journal);
          return Optional.empty();
        });
  }

  private void handle(
      InputStream input, OutputStream output, Context context, InvocationLog journal)
      throws IOException {
    try {
      byte[] body = input.readAllBytes();
      Launch configured = launch.get();
      LambdaInvocation invocation = LambdaInvocation.of(context, journal);
      Ending ending =
          switch (events.read(body)) {
            case LaunchMeeting(MeetingId meeting) -> {
              journal.begin("launch", Optional.of(meeting));
              LaunchReport report = configured.launch(meeting, invocation);
              replies.write(report, output);
              yield new Ending.Delivered(report);
            }
            case RehearseLaunch(MeetingId meeting) -> {
              journal.begin("dry run", Optional.of(meeting));
              DryRunReport prospect = rehearsal.get().rehearse(meeting, invocation.now());
              replies.write(prospect, output);
              yield new Ending.Answered("would be " + prospect.outcome());
            }
            case SweepStrays() -> {
              journal.begin("sweep", Optional.empty());
              List<Sweep.Stray> strays = sweep.get().sweep(invocation.now());
              replies.write(strays, output);
              yield new Ending.Swept(strays);
            }
            case CheckReadiness() -> {
              journal.begin("preflight", Optional.empty());
              PreflightReport report = preflight.get().run(invocation);
              replies.write(report, output);
              yield new Ending.Answered(report.obstacles() + " obstacles");
            }
          };
      telemetry.close(journal, ending);
    } catch (Exception e) {
      telemetry.close(journal, new Ending.Failed(e));
      throw e;
    } catch (Error e) {
      HandlerError broken = new HandlerError(e);
      telemetry.close(journal, new Ending.Failed(broken));
      throw broken;
    }
  }
}
