package io.elephant.launcher.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection that is kept, and the least of HTTP/1.1 that can be spoken over it. */
final class Line implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");
  private static final int OK_ENDS = 300;

  private final Socket socket;
  private final InputStream input;
  private final String host;

  private Line(Socket socket, String host) throws IOException {
    this.socket = socket;
    this.input = new BufferedInputStream(socket.getInputStream());
    this.host = host;
  }

  /** Connects, with a handshake if there is a context for it. */
  static Line to(URI endpoint, @Nullable SSLContext tls) throws IOException {
    String host = endpoint.getHost() + ":" + endpoint.getPort();
    if (tls == null) {
      return new Line(prepared(new Socket(endpoint.getHost(), endpoint.getPort())), host);
    }
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(endpoint.getHost(), endpoint.getPort());
    socket.startHandshake();
    return new Line(prepared(socket), host);
  }

  private static Socket prepared(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** The headers and the body of the answer. */
  String get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", new byte[0]);
  }

  String post(Map<String, String> headers, String body) throws IOException {
    return post("/", headers, body);
  }

  /** The headers and the body of the answer. */
  String post(String path, Map<String, String> headers, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    var head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: " + bytes.length + "\r\n\r\n");
    return send(head.toString(), bytes);
  }

  private String send(String head, byte[] body) throws IOException {
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(ISO_8859_1));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
    String answer = head();
    int status = Integer.parseInt(answer.split(" ", 3)[1]);
    String content = body(answer);
    if (status >= OK_ENDS) {
      throw new IOException(answer + content);
    }
    return answer + content;
  }

  private String head() throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = input.read();
      if (next == -1) {
        throw new EOFException("The connection ended in: " + head.toString(ISO_8859_1));
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private String body(String head) throws IOException {
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      return new String(input.readNBytes(Integer.parseInt(length.group(1))), UTF_8);
    }
    var body = new StringBuilder();
    if (CHUNKED.matcher(head).find()) {
      int size;
      do {
        size = Integer.parseInt(line(), 16);
        body.append(new String(input.readNBytes(size), UTF_8));
        line();
      } while (size > 0);
    }
    return body.toString();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next == -1) {
        throw new EOFException("The connection ended in a line");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
