package io.elephant.launcher.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One call that a stand-in received: what was asked, and when. A call whose answer was lost, or
 * whose caller was killed, ends like any other.
 */
public final class Call {

  private static final long NOT_ENDED = Long.MAX_VALUE;
  private static final int NO_ANSWER = 0;

  private final InetSocketAddress caller;
  private final String action;
  private final SequencedMap<String, String> parameters;
  private final String body;
  private final long started = System.nanoTime();
  private volatile long ended = NOT_ENDED;
  private volatile int status = NO_ANSWER;

  Call(InetSocketAddress caller, String action, Map<String, String> parameters, String body) {
    this.caller = caller;
    this.action = action;
    this.parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    this.body = body;
  }

  public InetSocketAddress caller() {
    return caller;
  }

  /** The API's name of what was asked, such as {@code RunInstances} or {@code UpdateItem}. */
  public String action() {
    return action;
  }

  /** The decoded parameters of the EC2 Query protocol, in the order sent; none for DynamoDB. */
  public SequencedMap<String, String> parameters() {
    return parameters;
  }

  /** The body as it was sent: a form for EC2, JSON for DynamoDB. */
  public String body() {
    return body;
  }

  public JsonNode json() {
    return json(body);
  }

  static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The HTTP status that was answered, or 0 as long as nothing was, or if the answer was lost. */
  public int status() {
    return status;
  }

  public Duration took() {
    long end = ended;
    return Duration.ofNanos((end == NOT_ENDED ? System.nanoTime() : end) - started);
  }

  Duration startedAfter(long nanoTime) {
    return Duration.ofNanos(started - nanoTime);
  }

  /** Whether there was a moment at which both this call and the other one were under way. */
  public boolean overlaps(Call other) {
    return startedBeforeEndOf(other) && other.startedBeforeEndOf(this);
  }

  private boolean startedBeforeEndOf(Call other) {
    return other.ended == NOT_ENDED || started - other.ended < 0;
  }

  /** Called right before the answer leaves, so that whoever has the answer also finds it here. */
  void answered(int answeredStatus) {
    status = answeredStatus;
    ended();
  }

  void ended() {
    if (ended == NOT_ENDED) {
      ended = System.nanoTime();
    }
  }

  @Override
  public String toString() {
    return action;
  }
}
