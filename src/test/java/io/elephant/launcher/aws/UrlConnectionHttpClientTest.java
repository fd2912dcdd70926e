package io.elephant.launcher.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** What the launch protocol relies on in the SDK's HTTP client. */
class UrlConnectionHttpClientTest {

  private final SdkHttpClient client = UrlConnectionHttpClient.create();
  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, 200, "well"));
    server.createContext("/redirect", exchange -> answer(exchange, 302, "elsewhere"));
    server.createContext("/unauthorized", exchange -> answer(exchange, 401, "who are you"));
    server.createContext("/broken", exchange -> answer(exchange, 500, "oh"));
    server.createContext(
        "/lost",
        exchange -> {
          lost.incrementAndGet();
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    client.close();
  }

  @Test
  void keepsItsConnectionForTheNextRequest() throws IOException {
    for (int n = 0; n < 5; n++) {
      assertThat(body(post("/"))).isEqualTo("well");
      assertThat(body(post("/broken"))).isEqualTo("oh");
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void withholdsTheBodyOfA401AsAwsErrorExpects() throws IOException {
    HttpExecuteResponse unauthorized = post("/unauthorized");

    assertThat(unauthorized.httpResponse().statusCode()).isEqualTo(401);
    assertThat(body(unauthorized)).isEmpty();
  }

  @Test
  void doesNotFollowARedirect() throws IOException {
    assertThat(post("/redirect").httpResponse().statusCode()).isEqualTo(302);
  }

  /**
   * It streams a body of known length, and what is streamed the JDK cannot send again, as it would
   * by itself.
   */
  @Test
  void doesNotRepeatARequestWhoseKeptConnectionIsCut() throws IOException {
    body(post("/"));

    assertThatThrownBy(() -> post("/lost")).isInstanceOf(IOException.class);
    assertThat(lost).hasValue(1);
  }

  private HttpExecuteResponse post(String path) throws IOException {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
            .putHeader("Content-Length", "1")
            .build();
    return client
        .prepareRequest(
            HttpExecuteRequest.builder()
                .request(request)
                .contentStreamProvider(ContentStreamProvider.fromUtf8String("x"))
                .build())
        .call();
  }

  private static String body(HttpExecuteResponse response) throws IOException {
    return response.responseBody().isEmpty()
        ? ""
        : new String(response.responseBody().get().readAllBytes(), UTF_8);
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      connections.add(exchange.getRemoteAddress());
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }
}
