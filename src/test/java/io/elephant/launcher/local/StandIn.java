package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One AWS service on the loopback address: its protocol, what it does, and a script of what is to
 * go wrong.
 */
public abstract class StandIn implements AutoCloseable {

  static {
    // Without it every answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Of more than 200 idle connections it would close the rest, which AWS does not.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
  }

  private static final int NO_BODY = -1;
  private static final int OK = 200;

  /** What a call that has just arrived would be answered with, if it were over. */
  private static final Answer UNDONE = Answer.of(OK, "text/plain", "");

  /**
   * Hundreds of processes may connect at once; one that finds no room tries again a second later.
   */
  static final int BACKLOG = 1024;

  private final Script script = new Script();
  private final List<Call> calls = new ArrayList<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /**
   * Starts the service.
   *
   * @param port where it listens, or 0 for any port that is free
   * @param tls its certificate, or nothing for HTTP
   */
  StandIn(int port, @Nullable SSLContext tls) {
    server = bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls);
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
  }

  static HttpServer create(InetSocketAddress address) throws IOException {
    return HttpServer.create(address, BACKLOG);
  }

  private static HttpServer bind(InetSocketAddress address, @Nullable SSLContext tls) {
    try {
      if (tls == null) {
        return create(address);
      }
      HttpsServer server = HttpsServer.create(address, BACKLOG);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Port %d is taken: is 'make dev' or 'make local-aws' running?"
              .formatted(address.getPort()),
          e);
    }
  }

  /** Reads a request of AWS's JSON or Query protocol. */
  Call read(HttpExchange exchange, String body) {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    Ec2Query query = Ec2Query.ofForm(target == null ? body : "");
    String action =
        target == null
            ? query.value("Action").orElse("")
            : target.substring(target.lastIndexOf('.') + 1);
    return new Call(exchange.getRemoteAddress(), action, query.parameters(), body);
  }

  /**
   * Carries out the call.
   *
   * @param decision to be called once the request is known to be valid and new, right before it is
   *     carried out; throws the {@link Refusal} that the script holds for it
   */
  abstract Answer answer(Call call, Headers headers, Consumer<Call> decision);

  /** The refusal as the service's protocol spells it. */
  abstract Answer answer(Refusal refusal);

  List<Permission> permissions() {
    return List.of();
  }

  /**
   * Where it listens: the value for {@code AWS_ENDPOINT_URL_} and its name. An IP address for HTTP;
   * for HTTPS a name, which certificates are made for.
   */
  public final URI endpoint() {
    int port = server.getAddress().getPort();
    return URI.create(
        server instanceof HttpsServer ? "https://localhost:" + port : "http://127.0.0.1:" + port);
  }

  public final Script script() {
    return script;
  }

  public final Script.Sentence on(String action) {
    return script.on(action);
  }

  /** All calls there were, in the order in which they arrived. */
  public final List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  public final List<Call> calls(String action) {
    return calls().stream().filter(call -> call.action().equals(action)).toList();
  }

  /** From now on nothing goes wrong, and no call has been made. */
  public void reset() {
    script.clear();
    synchronized (calls) {
      calls.clear();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      // What has no action is no call: a load balancer asks so, or who opens a connection.
      if (exchange.getRequestMethod().equals("GET")) {
        send(Answer.of(OK, "text/plain", "healthy"), exchange);
        return;
      }
      Call call = read(exchange, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      synchronized (calls) {
        calls.add(call);
      }
      try {
        Answer answer = answer(call, exchange.getRequestHeaders());
        // Closing an exchange that was not answered breaks the connection.
        if (!answer.equals(Answer.LOST)) {
          call.answered(answer.status());
          send(answer, exchange);
        }
      } finally {
        call.ended();
      }
    }
  }

  private Answer answer(Call call, Headers headers) {
    Answer answer;
    try {
      if (script.strike(call, Script.Moment.ARRIVAL, UNDONE).equals(Answer.LOST)) {
        return Answer.LOST;
      }
      answer = answer(call, headers, one -> script.strike(one, Script.Moment.DECISION, UNDONE));
    } catch (Refusal refusal) {
      answer = answer(refusal);
    }
    return script.strike(call, Script.Moment.ANSWER, answer);
  }

  private static void send(Answer answer, HttpExchange exchange) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), answer.length() == 0 ? NO_BODY : answer.length());
    exchange.getResponseBody().write(body);
  }
}
