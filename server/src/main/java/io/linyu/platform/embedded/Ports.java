package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Ports of this machine.
public final class Ports {
  private Ports() {}

  /// One that nobody listens on just now.
  public static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Whether a server could listen there.
  public static boolean isFree(String host, int port) {
    try {
      check(host, port);
      return true;
    } catch (CannotStart cannot) {
      return false;
    }
  }

  /// @throws CannotStart when no server could listen there, with the reason
  public static void check(String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException failed) {
      throw cannotListen(failed, host, port);
    }
  }

  /// Only an address in use is somebody else's; a host that is not here, or a port that is not
  /// allowed, is for the settings.
  public static CannotStart cannotListen(Throwable failed, String host, int port) {
    String why = String.valueOf(failed.getMessage());
    return why.contains("in use")
        ? new CannotStart(failed, "port-busy", Integer.toString(port))
        : new CannotStart(failed, "cannot-listen", host, Integer.toString(port), why);
  }
}
