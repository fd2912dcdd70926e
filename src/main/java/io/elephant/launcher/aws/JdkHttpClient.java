package io.elephant.launcher.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The SDK's HTTP by the JDK's {@link HttpURLConnection}, with requests that are sent in one piece.
 *
 * <p>The SDK's own client of this kind streams every body, and before the JDK streams over a
 * connection that it has kept, it waits a millisecond for whether the server has closed it. The JDK
 * keeps a connection for five seconds at the most, so one that is closed is seldom met.
 *
 * <p>The JDK must not send a request again by itself: the protocol would take the answer to the
 * second for the answer to the first. {@link #NO_REPETITION} is read once, before the first request
 * of the process, so it is set here and also when the executable is built.
 */
public final class JdkHttpClient implements SdkHttpClient {

  /** The JDK's property that must be {@code false}. */
  public static final String NO_REPETITION = "sun.net.http.retryPost";

  static {
    System.setProperty(NO_REPETITION, "false");
  }

  private static final int FIRST_ERROR = 400;

  private final int connectMillis;
  private final int readMillis;

  /**
   * @param connect how long to wait for a connection
   * @param read how long to wait for the next byte of an answer
   */
  public JdkHttpClient(Duration connect, Duration read) {
    this.connectMillis = Math.toIntExact(connect.toMillis());
    this.readMillis = Math.toIntExact(read.toMillis());
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Exchange(request);
  }

  @Override
  public String clientName() {
    return "HttpURLConnection";
  }

  /** The JDK keeps the connections, for all clients of the process together. */
  @Override
  public void close() {}

  private final class Exchange implements ExecutableHttpRequest {

    private final HttpExecuteRequest request;
    private volatile Optional<HttpURLConnection> connection = Optional.empty();
    private volatile boolean aborted;

    Exchange(HttpExecuteRequest request) {
      this.request = request;
    }

    /** The JDK can fail with anything where another thread ends a request in its midst. */
    @Override
    public HttpExecuteResponse call() throws IOException {
      try {
        return exchange();
      } catch (RuntimeException e) {
        if (aborted) {
          throw new IOException("The request was aborted", e);
        }
        throw e;
      }
    }

    private HttpExecuteResponse exchange() throws IOException {
      HttpURLConnection opened = open(request.httpRequest());
      connection = Optional.of(opened);
      Optional<ContentStreamProvider> body = request.contentStreamProvider();
      if (body.isPresent()) {
        opened.setDoOutput(true);
        try (InputStream content = body.get().newStream();
            OutputStream output = opened.getOutputStream()) {
          content.transferTo(output);
        }
      }
      int status = opened.getResponseCode();
      Optional<InputStream> content =
          Optional.ofNullable(
              status < FIRST_ERROR ? opened.getInputStream() : opened.getErrorStream());
      return HttpExecuteResponse.builder()
          .response(
              SdkHttpResponse.builder()
                  .statusCode(status)
                  .statusText(opened.getResponseMessage())
                  .headers(headers(opened))
                  .build())
          .responseBody(
              content
                  .map(stream -> AbortableInputStream.create(stream, opened::disconnect))
                  .orElse(null))
          .build();
    }

    private HttpURLConnection open(SdkHttpRequest http) throws IOException {
      HttpURLConnection opened = (HttpURLConnection) http.getUri().toURL().openConnection();
      opened.setConnectTimeout(connectMillis);
      opened.setReadTimeout(readMillis);
      opened.setInstanceFollowRedirects(false);
      opened.setUseCaches(false);
      opened.setRequestMethod(http.method().name());
      http.forEachHeader(
          (name, values) -> values.forEach(value -> opened.addRequestProperty(name, value)));
      return opened;
    }

    /** Without the status line, which the JDK shows as a header that has no name. */
    private static Map<String, List<String>> headers(HttpURLConnection opened) {
      Map<String, List<String>> headers = new HashMap<>(opened.getHeaderFields());
      headers.remove(null);
      return headers;
    }

    @Override
    public void abort() {
      aborted = true;
      connection.ifPresent(HttpURLConnection::disconnect);
    }
  }
}
