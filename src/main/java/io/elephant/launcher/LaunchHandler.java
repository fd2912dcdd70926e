package io.elephant.launcher;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.MeetingId;
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
  private final EventReader events = new EventReader();
  private final ReplyWriter replies = new ReplyWriter();

  /** Takes the launch unmade: it cannot be made of a bad configuration, and that must be said. */
  public LaunchHandler(Provider<Launch> launch) {
    this.launch = launch;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    try {
      byte[] event = input.readAllBytes();
      Launch configured = launch.get();
      MeetingId meeting = events.read(event);
      LaunchReport report = configured.launch(meeting, LambdaInvocation.of(context));
      replies.write(report, output);
    } catch (Error e) {
      throw new BrokenInvocation(e);
    }
  }
}
