package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RecoverInstance;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import io.elephant.launcher.launch.DryRun;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.preflight.PreflightReport;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.InvocationLog;
import io.elephant.launcher.telemetry.InvocationOutcome;
import io.elephant.launcher.telemetry.Telemetry;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Handles an event: reads it, does what it asks for and writes the reply. Every failure leaves as
 * an exception, which Lambda counts as a failed invocation and delivers again. A process whose
 * credentials have expired exits, which Lambda counts so too: the next one has new ones.
 */
public final class LaunchHandler implements RequestStreamHandler {

  private final Provider<Launch> launch;
  private final Provider<Sweep> sweep;
  private final Provider<Preflight> preflight;
  private final Telemetry telemetry;
  private final ReplyWriter replies = new ReplyWriter();

  /** Takes providers: a bad configuration fails each invocation with its message. */
  public LaunchHandler(
      Provider<Launch> launch,
      Provider<Sweep> sweep,
      Provider<Preflight> preflight,
      Telemetry telemetry) {
    this.launch = launch;
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
      Event event = EventReader.read(body);
      Answer answer = invocation.inTime(() -> answer(event, configured, invocation, log));
      answer.reply().write(output);
      telemetry.close(log, answer.outcome());
    } catch (Exception e) {
      fail(e, log);
      throw e;
    } catch (Error e) {
      HandlerError failure = new HandlerError(e);
      fail(failure, log);
      throw failure;
    }
  }

  private Answer answer(
      Event event, Launch configured, LambdaInvocation invocation, InvocationLog log) {
    return switch (event) {
      case LaunchMeeting(MeetingId meeting) -> {
        log.begin("launch", Optional.of(meeting));
        Report report = configured.launch(meeting, invocation);
        yield new Answer(
            new InvocationOutcome.Delivered(report), output -> replies.write(report, output));
      }
      case DryRunLaunch(MeetingId meeting) -> {
        log.begin("dry run", Optional.of(meeting));
        DryRun report = configured.dryRun(meeting, invocation);
        yield new Answer(
            new InvocationOutcome.Answered("would be " + report.outcome()),
            output -> replies.write(report, output));
      }
      case SweepStrays() -> {
        log.begin("sweep", Optional.empty());
        Sweep.Found found = sweep.get().sweep(invocation);
        yield new Answer(
            new InvocationOutcome.Swept(found), output -> replies.write(found, output));
      }
      case RecoverInstance(Notice notice) -> {
        log.beginRecovery(notice.instance());
        Report report = configured.recover(notice, invocation);
        yield new Answer(
            new InvocationOutcome.Delivered(report),
            output -> replies.write(notice, report, output));
      }
      case RunPreflight() -> {
        log.begin("preflight", Optional.empty());
        PreflightReport report = preflight.get().run(invocation);
        yield new Answer(
            new InvocationOutcome.Answered(report.obstacles() + " obstacles"),
            output -> replies.write(report, output));
      }
    };
  }

  private void fail(Exception failure, InvocationLog log) {
    telemetry.close(log, new InvocationOutcome.Failed(failure, log.isOfLaunch()));
    if (comesOfExpiredCredentials(failure) && LaunchMode.current() == LaunchMode.NORMAL) {
      UncaughtErrors.exit();
    }
  }

  private static boolean comesOfExpiredCredentials(Exception failure) {
    return failure instanceof CallFailed call && call.verdict() == Verdict.EXPIRED;
  }

  /** What the event has come to, and its reply. */
  private record Answer(InvocationOutcome outcome, Reply reply) {}

  @FunctionalInterface
  private interface Reply {
    void write(OutputStream output) throws IOException;
  }
}
