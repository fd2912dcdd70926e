package io.elephant.launcher.local;

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
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An HTTP server on the loopback address that serves one service, and follows a script. */
final class ScriptedServer implements AutoCloseable {

  static {
    // Without it every answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final int NO_BODY = -1;

  private final Service service;
  private final Script script = new Script();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Call> calls = new ArrayList<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  ScriptedServer(Service service, @Nullable SSLContext tls) {
    this.service = service;
    this.server = bind(tls);
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
  }

  private static HttpServer bind(@Nullable SSLContext tls) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        return HttpServer.create(address, 0);
      }
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An IP address in the endpoint for HTTP; a name, which certificates are made for, for HTTPS. */
  URI endpoint() {
    int port = server.getAddress().getPort();
    return URI.create(
        server instanceof HttpsServer ? "https://localhost:" + port : "http://127.0.0.1:" + port);
  }

  Script script() {
    return script;
  }

  List<Call> calls() {
    synchronized (calls) {
      return calls.stream().sorted(Comparator.comparingInt(Call::number)).toList();
    }
  }

  void reset() {
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

  private Call receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Service.Request request = service.read(exchange.getRequestHeaders(), body);
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
      answer = service.answer(call, exchange.getRequestHeaders(), this::decide);
    } catch (Refusal refusal) {
      answer = service.answer(refusal);
    }
    for (Fault fault : script.strike(call, Moment.ANSWER)) {
      if (fault instanceof Fault.Replaced(Answer replacement)) {
        answer = replacement;
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
      case Fault.Replaced _ -> throw new IllegalStateException("Replaced before it was there");
    }
    return false;
  }

  private static void send(Answer answer, HttpExchange exchange) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? NO_BODY : body.length);
    exchange.getResponseBody().write(body);
  }
}
