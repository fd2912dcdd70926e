package io.elephant.launcher.local;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on the loopback address that tunnels to wherever on it it is asked to. */
public final class TunnelProxy implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<NetSocket> open = new CopyOnWriteArrayList<>();
  private final HttpServer server =
      vertx
          .createHttpServer()
          .requestHandler(this::tunnel)
          .listen(0, LOOPBACK)
          .toCompletionStage()
          .toCompletableFuture()
          .join();

  private void tunnel(HttpServerRequest request) {
    asked.add(request.uri());
    vertx
        .createNetClient()
        .connect(URI.create("tcp://" + request.uri()).getPort(), LOOPBACK)
        .compose(service -> request.toNetSocket().onSuccess(client -> join(service, client)));
  }

  private void join(NetSocket service, NetSocket client) {
    open.add(client);
    service.pipeTo(client);
    client.pipeTo(service);
  }

  /** Where it listens: the value for {@code HTTPS_PROXY}. */
  public URI address() {
    return URI.create("http://" + LOOPBACK + ":" + server.actualPort());
  }

  /** The hosts and ports that it was asked for so far. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Closes every connection, as a service does with those that nothing was sent over for long. */
  public void cut() {
    open.forEach(NetSocket::close);
    open.clear();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
