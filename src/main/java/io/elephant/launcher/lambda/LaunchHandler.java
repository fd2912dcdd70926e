package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.MeetingId;
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

  private static final ObjectWriter JSON = new JsonMapper().writerFor(ObjectNode.class);

  private final Provider<Launch> launch;
  private final Provider<Sweep> sweep;
  private final Provider<Preflight> preflight;
  private final Telemetry telemetry;

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
    try {
      byte[] body = input.readAllBytes();
      Launch configured = launch.get();
      LambdaInvocation invocation = new LambdaInvocation(context, log);
      Event event = EventReader.read(body);
      Answer answer = invocation.inTime(() -> answer(event, configured, invocation, log));
      JSON.writeValue(output, answer.reply());
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
      case Event.LaunchMeeting(MeetingId meeting) -> {
        log.begin("launch", Optional.of(meeting));
        Report report = configured.launch(meeting, invocation);
        yield new Answer(InvocationOutcome.of(report), Replies.of(report));
      }
      case Event.DryRunLaunch(MeetingId meeting) -> {
        log.begin("dry run", Optional.of(meeting));
        DryRun report = configured.dryRun(meeting, invocation);
        yield new Answer(
            InvocationOutcome.answered("would be " + report.outcome()), Replies.of(report));
      }
      case Event.SweepStrays() -> {
        log.begin("sweep", Optional.empty());
        Sweep.Found found = sweep.get().sweep(invocation);
        yield new Answer(InvocationOutcome.of(found), Replies.of(found));
      }
      case Event.RecoverInstance(Notice notice) -> {
        log.begin("recovery", Optional.empty());
        Report report = configured.recover(notice, invocation);
        yield new Answer(InvocationOutcome.of(notice, report), Replies.of(notice, report));
      }
      case Event.RunPreflight() -> {
        log.begin("preflight", Optional.empty());
        PreflightReport report = preflight.get().run(invocation);
        yield new Answer(
            InvocationOutcome.answered(report.obstacles() + " obstacles"), Replies.of(report));
      }
    };
  }

  private void fail(Exception failure, InvocationLog log) {
    telemetry.close(log, InvocationOutcome.failed(failure, log.isOfLaunch()));
    boolean hasExpired = failure instanceof CallFailed call && call.verdict() == Verdict.EXPIRED;
    if (hasExpired && LaunchMode.current() == LaunchMode.NORMAL) {
      UncaughtErrors.exit();
    }
  }

  /** What the event has come to, and its reply. */
  private record Answer(InvocationOutcome outcome, ObjectNode reply) {}
}
