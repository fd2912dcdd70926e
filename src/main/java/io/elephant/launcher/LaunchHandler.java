package io.elephant.launcher;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.elephant.launcher.Event.LaunchMeeting;
import io.elephant.launcher.Event.SweepStrays;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.MeetingId;
import io.elephant.launcher.launch.Sweep;
import jakarta.inject.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda's door: reads the event, has the meeting launched, and writes the reply. Whatever goes
 * wrong leaves as an exception, which Lambda counts as a failed invocation and delivers again.
 */
public final class LaunchHandler implements RequestStreamHandler {

  private final Provider<Launch> launch;
  private final Provider<Sweep> sweep;
  private final EventReader events = new EventReader();
  private final ReplyWriter replies = new ReplyWriter();

  /** Takes both unmade: they cannot be made of a bad configuration, and that must be said. */
  public LaunchHandler(Provider<Launch> launch, Provider<Sweep> sweep) {
    this.launch = launch;
    this.sweep = sweep;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    try {
      byte[] body = input.readAllBytes();
      Launch configured = launch.get();
      LambdaInvocation invocation = LambdaInvocation.of(context);
      switch (events.read(body)) {
        case LaunchMeeting(MeetingId meeting) ->
            replies.write(configured.launch(meeting, invocation), output);
        case SweepStrays() -> replies.write(sweep.get().sweep(invocation.now()), output);
      }
    } catch (Error e) {
      throw new BrokenInvocation(e);
    }
  }
}
