package io.elephant.launcher.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * What a stand-in sends back over HTTP.
 *
 * @param length how many bytes it promises; where the body has fewer, the connection breaks
 */
record Answer(int status, Map<String, String> headers, byte[] body, int length) {

  /** None: the connection breaks. */
  static final Answer LOST = new Answer(0, Map.of(), new byte[0]);

  Answer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, body.length);
  }

  /** The first half of it. */
  Answer cut() {
    return new Answer(status, headers, Arrays.copyOf(body, body.length / 2), body.length);
  }

  static Answer xml(int status, String document) {
    return of(status, "text/xml;charset=UTF-8", document);
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(
        status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
  }
}
