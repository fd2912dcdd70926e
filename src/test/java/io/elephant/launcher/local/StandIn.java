package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.elephant.launcher.local.Fault.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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

  /**
   * Hundreds of processes may connect at once; one that finds no room tries again a second later.
   */
  static final int BACKLOG = 1024;

  private final Script script = new Script();
  private final AtomicInteger numbers = new AtomicInteger();
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

  private static HttpServer bind(InetSocketAddress address, @Nullable SSLContext tls) {
    try {
      if (tls == null) {
        return HttpServer.create(address, BACKLOG);
      }
      HttpsServer server = HttpsServer.create(address, BACKLOG);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address, e);
    }
  }

  /** What is asked, as the service's protocol spells it. */
  record Request(String action, Map<String, String> parameters) {}

  /** Reads a request of AWS's JSON or Query protocol. */
  Request read(Headers headers, String body) {
    String target = headers.getFirst("X-Amz-Target");
    if (target != null) {
      return new Request(target.substring(target.lastIndexOf('.') + 1), Map.of());
    }
    Ec2Query query = Ec2Query.ofForm(body);
    return new Request(query.value("Action").orElse(""), query.parameters());
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

  /** What the calls so far had to be allowed. */
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

  /** What is to go wrong. */
  public final Script script() {
    return script;
  }

  /** Shorthand for a sentence of the script about one action. */
  public final Script.Sentence on(String action) {
    return script.on(action);
  }

  /** All calls there were, in the order in which they arrived. */
  public final List<Call> calls() {
    synchronized (calls) {
      return calls.stream().sorted(Comparator.comparingInt(Call::number)).toList();
    }
  }

  /** All calls of one action, in the order in which they arrived. */
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
    if (exchange.getRequestMethod().equals("GET")) {
      greet(exchange);
      return;
    }
    Call call = receive(exchange);
    try (exchange) {
      Optional<Answer> answer = answer(call, exchange);
      if (answer.isPresent()) {
        call.answered(answer.get().status());
        send(answer.get(), exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      call.ended();
    }
  }

  /** What has no action is no call: a load balancer asks so, or who opens a connection. */
  private static void greet(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = "healthy".getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(OK, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Call receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Request request = read(exchange.getRequestHeaders(), body);
    var call = new Call(numbers.incrementAndGet(), request.action(), request.parameters(), body);
    synchronized (calls) {
      calls.add(call);
    }
    return call;
  }

  /** The answer, or nothing if it is lost: closing an unanswered exchange breaks the connection. */
  private Optional<Answer> answer(Call call, HttpExchange exchange) throws InterruptedException {
    Answer answer;
    try {
      if (isLost(call, Moment.ARRIVAL)) {
        return Optional.empty();
      }
      answer = answer(call, exchange.getRequestHeaders(), this::decide);
    } catch (Refusal refusal) {
      answer = answer(refusal);
    }
    for (Fault fault : script.strike(call, Moment.ANSWER)) {
      if (fault instanceof Fault.Replaced(Answer replacement)) {
        answer = replacement;
      } else if (fault instanceof Fault.Cut) {
        answer = answer.cut();
      } else if (strikes(fault, call)) {
        return Optional.empty();
      }
    }
    return Optional.of(answer);
  }

  private boolean isLost(Call call, Moment moment) throws InterruptedException {
    for (Fault fault : script.strike(call, moment)) {
      if (strikes(fault, call)) {
        return true;
      }
    }
    return false;
  }

  private void decide(Call call) {
    for (Fault fault : script.strike(call, Moment.DECISION)) {
      if (fault instanceof Fault.Refused(Moment _, Refusal refusal)) {
        throw refusal;
      }
    }
  }

  /** Lets the fault strike; says whether the call is lost by it. */
  private static boolean strikes(Fault fault, Call call) throws InterruptedException {
    switch (fault) {
      case Fault.Hook(Moment _, var action) -> action.accept(call);
      case Fault.Delay(Moment _, var duration) -> Thread.sleep(duration);
      case Fault.Refused(Moment _, var refusal) -> throw refusal;
      case Fault.Loss _ -> {
        return true;
      }
      case Fault.Replaced _, Fault.Cut _ ->
          throw new IllegalStateException("There is no answer yet");
    }
    return false;
  }

  private static void send(Answer answer, HttpExchange exchange) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), answer.length() == 0 ? NO_BODY : answer.length());
    exchange.getResponseBody().write(body);
  }
}
