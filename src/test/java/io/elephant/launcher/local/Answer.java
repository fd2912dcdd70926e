package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
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

  Answer cut() {
    return new Answer(status, headers, Arrays.copyOf(body, body.length / 2), body.length);
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(
        status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
  }

  /** A refusal as the services that speak JSON spell it, by this type. */
  static Answer json(Refusal refusal, String type) {
    String body =
        new JsonMapper()
            .createObjectNode()
            .put("__type", type)
            .put("message", refusal.message())
            .toString();
    return of(refusal.status(), "application/x-amz-json-1.0", body)
        .with("x-amzn-ErrorType", refusal.code());
  }

  Answer with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Answer(status, all, body, length);
  }
}
