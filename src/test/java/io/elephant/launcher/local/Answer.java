package io.elephant.launcher.local;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a stand-in sends back over HTTP. */
record Answer(int status, Map<String, String> headers, byte[] body) {

  static Answer xml(int status, String document) {
    return of(status, "text/xml;charset=UTF-8", document);
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(
        status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
  }
}
