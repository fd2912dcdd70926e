package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on the loopback address that tunnels to wherever it is asked to. */
public final class TunnelProxy implements AutoCloseable {

  private final ServerSocket server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private TunnelProxy() throws IOException {
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> {
      while (true) {
        try {
          Socket client = server.accept();
          Thread.startVirtualThread(() -> tunnel(client));
        } catch (IOException _) {
          return;
        }
      }
    });
  }

  /** Starts a proxy. */
  public static TunnelProxy start() {
    try {
      return new TunnelProxy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens: the value for {@code HTTPS_PROXY}. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The hosts and ports that it was asked for so far. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Closes every connection, as a service does with those that nothing was sent over for long. */
  public void cut() throws IOException {
    for (Socket client : open) {
      client.close();
    }
    open.clear();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tunnel(Socket client) {
    try (client) {
      InputStream input = client.getInputStream();
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) input.read());
      }
      String target = head.toString().split(" ")[1];
      asked.add(target);
      open.add(client);
      try (var service = new Socket("localhost", URI.create("tcp://" + target).getPort())) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        Thread.startVirtualThread(() -> copy(service, client));
        copy(client, service);
      }
    } catch (IOException _) {
      // One of them has ended the connection.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      input.transferTo(output);
    } catch (IOException _) {
      // One of them has ended the connection.
    }
  }
}
