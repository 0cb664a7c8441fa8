package io.linyu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A wire to a server, on which connections can fall silent: they stay open, and nothing comes
/// through any more. Connections made later are well. Or it is cut, and there is none.
public final class Wire implements AutoCloseable {
  private final URI server;
  private final ServerSocket end;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  private static final class Pair {
    private final Socket near;
    private final Socket far;
    private volatile boolean silent;

    Pair(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }
  }

  public Wire(String url) {
    server = URI.create(url);
    try {
      end = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// The server's address at this end.
  public String url() {
    return server.toString().replace(":" + server.getPort() + "/", ":" + end.getLocalPort() + "/");
  }

  public void fallSilent() {
    pairs.forEach(pair -> pair.silent = true);
  }

  /// Nothing comes through, neither on what is open nor on what is opened, until [#mend].
  public void cut() {
    cut = true;
    for (Pair pair : pairs) {
      close(pair.near);
      close(pair.far);
    }
  }

  public void mend() {
    cut = false;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!end.isClosed()) {
      try {
        Socket near = end.accept();
        if (cut) {
          near.close();
          continue;
        }
        var pair = new Pair(near, new Socket(server.getHost(), server.getPort()));
        pairs.add(pair);
        Thread.ofVirtual().start(() -> carry(pair, pair.near, pair.far));
        Thread.ofVirtual().start(() -> carry(pair, pair.far, pair.near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void carry(Pair pair, Socket from, Socket to) {
    var bytes = new byte[8192];
    try {
      for (int read = from.getInputStream().read(bytes);
          read >= 0;
          read = from.getInputStream().read(bytes)) {
        if (!pair.silent) {
          to.getOutputStream().write(bytes, 0, read);
        }
      }
      if (!pair.silent) {
        to.close();
      }
    } catch (IOException closed) {
      // by the other side
    }
  }

  @Override
  public void close() throws IOException {
    end.close();
    for (Pair pair : pairs) {
      pair.near.close();
      pair.far.close();
    }
  }
}
