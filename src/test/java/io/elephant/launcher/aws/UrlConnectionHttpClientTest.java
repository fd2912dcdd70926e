package io.elephant.launcher.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** What the launch protocol relies on in the SDK's HTTP client. */
class UrlConnectionHttpClientTest {

  private static final Duration SOON = Duration.ofMillis(300);

  private final SdkHttpClient client = client(SOON);
  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::echo);
    server.createContext("/redirect", exchange -> answer(exchange, 302, "elsewhere"));
    server.createContext("/unauthorized", exchange -> answer(exchange, 401, "who are you"));
    server.createContext("/broken", exchange -> answer(exchange, 500, "oh"));
    server.createContext("/empty", exchange -> answer(exchange, 503, ""));
    server.createContext(
        "/lost",
        exchange -> {
          requests.incrementAndGet();
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void sendsWhatItIsGivenAndHandsBackWhatComes() throws IOException {
    HttpExecuteResponse response = post("/", "a body").call();

    assertThat(response.httpResponse().statusCode()).isEqualTo(200);
    assertThat(response.httpResponse().firstMatchingHeader("x-echo")).contains("one,two");
    assertThat(body(response)).isEqualTo("a body");
  }

  @Test
  void keepsItsConnectionForTheNextRequest() throws IOException {
    for (int n = 0; n < 5; n++) {
      body(post("/", "again").call());
      body(post("/broken", "an error keeps it too").call());
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void handsBackTheBodyOfAnErrorWhateverItsStatusButFor401() throws IOException {
    assertThat(body(post("/broken", "x").call())).isEqualTo("oh");
    HttpExecuteResponse unauthorized = post("/unauthorized", "x").call();
    assertThat(unauthorized.httpResponse().statusCode()).isEqualTo(401);
    assertThat(body(unauthorized)).as("withheld by the JDK, see AwsError").isEmpty();
    HttpExecuteResponse empty = post("/empty", "x").call();
    assertThat(empty.httpResponse().statusCode()).isEqualTo(503);
    assertThat(body(empty)).isEmpty();
  }

  @Test
  void doesNotFollowARedirect() throws IOException {
    assertThat(post("/redirect", "x").call().httpResponse().statusCode()).isEqualTo(302);
  }

  /** It streams a body of known length, and what is streamed the JDK cannot send again. */
  @Test
  void doesNotRepeatARequestWhoseKeptConnectionIsCut() throws IOException {
    body(post("/", "so that there is a connection").call());

    assertThatThrownBy(() -> post("/lost", "x").call()).isInstanceOf(IOException.class);
    assertThat(requests).hasValue(1);
  }

  /** Otherwise the test above would show nothing. */
  @Test
  void theJdkAloneRepeatsSuchARequest() throws IOException {
    body(post("/", "so that there is a connection").call());
    var connection = (HttpURLConnection) uri("/lost").toURL().openConnection();
    connection.setDoOutput(true);
    connection.getOutputStream().write('x');

    assertThatThrownBy(connection::getResponseCode).isInstanceOf(IOException.class);
    assertThat(requests).hasValue(2);
  }

  @Test
  void waitsForAnAnswerNoLongerThanItWasTold() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ExecutableHttpRequest request =
          request(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), "x");

      assertThatThrownBy(request::call).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void endsARequestThatIsAborted() throws Exception {
    var arrived = new CountDownLatch(1);
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SdkHttpClient patient = client(Duration.ofMinutes(1));
      ExecutableHttpRequest request =
          patient.prepareRequest(
              execute(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), "x"));
      Thread aborter =
          Thread.startVirtualThread(() -> {
            try (Socket socket = silent.accept()) {
              socket.getInputStream().read();
              arrived.countDown();
              request.abort();
            } catch (IOException _) {
              // The request has ended, which is what is to be shown.
            }
          });

      assertThatThrownBy(request::call).isInstanceOf(IOException.class);
      assertThat(arrived.getCount()).isZero();
      aborter.join();
    }
  }

  private static SdkHttpClient client(Duration patience) {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(patience)
        .socketTimeout(patience)
        .build();
  }

  private ExecutableHttpRequest post(String path, String body) {
    return request(uri(path), body);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private ExecutableHttpRequest request(URI uri, String body) {
    return client.prepareRequest(execute(uri, body));
  }

  private static HttpExecuteRequest execute(URI uri, String body) {
    return HttpExecuteRequest.builder()
        .request(
            SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri)
                .putHeader("X-Echo", List.of("one", "two"))
                .putHeader("Content-Length", Integer.toString(body.length()))
                .build())
        .contentStreamProvider(ContentStreamProvider.fromUtf8String(body))
        .build();
  }

  private static String body(HttpExecuteResponse response) throws IOException {
    return response.responseBody().isEmpty()
        ? ""
        : new String(response.responseBody().get().readAllBytes(), UTF_8);
  }

  private void echo(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .set("X-Echo", String.join(",", exchange.getRequestHeaders().get("X-Echo")));
    answer(exchange, 200, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      connections.add(exchange.getRemoteAddress());
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }
}
