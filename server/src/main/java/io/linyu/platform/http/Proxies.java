package io.linyu.platform.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Whose word is taken for where a request comes from: networks with proxies of our own, and nobody
/// else.
public record Proxies(List<Network> networks) {
  /// This machine, and private networks.
  public static final String USUAL =
      "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fec0::/10";

  /// For whom each peer is the caller itself.
  public static final String NONE = "none";

  /// Java would take `10` for 0.0.0.10.
  private static final Pattern WHOLE = Pattern.compile(".*:.*|(\\d+\\.){3}\\d+");

  private static final String KEY = "linyu.proxies";

  /// @param size bits that an address has
  /// @param rest how many of them may be anything
  record Network(BigInteger prefix, int size, int rest) {
    static Network of(String text) {
      int slash = text.indexOf('/');
      String literal = slash < 0 ? text : text.substring(0, slash);
      if (!WHOLE.matcher(literal).matches()) {
        throw new IllegalArgumentException(text);
      }
      byte[] address = InetAddress.ofLiteral(literal).getAddress();
      int size = address.length * Byte.SIZE;
      int prefix = slash < 0 ? size : Integer.parseInt(text.substring(slash + 1));
      if (prefix < 0 || prefix > size) {
        throw new IllegalArgumentException(text);
      }
      int rest = size - prefix;
      return new Network(new BigInteger(1, address).shiftRight(rest), size, rest);
    }

    boolean includes(byte[] address) {
      return address.length * Byte.SIZE == size
          && new BigInteger(1, address).shiftRight(rest).equals(prefix);
    }
  }

  /// @param text [#NONE], or addresses and networks (`10.1.2.0/24`), separated by commas
  /// @throws IllegalArgumentException when it is anything else
  public static Proxies of(String text) {
    return new Proxies(
        text.equals(NONE)
            ? List.of()
            : Arrays.stream(text.split(",", -1)).map(each -> Network.of(each.strip())).toList());
  }

  boolean include(String peer) {
    try {
      byte[] address = InetAddress.ofLiteral(peer).getAddress();
      return networks.stream().anyMatch(each -> each.includes(address));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// One of the first handlers of every request: [Caller] asks them.
  public Handler<RoutingContext> asked() {
    return rc -> {
      rc.put(KEY, this);
      rc.next();
    };
  }

  static boolean include(RoutingContext rc, String peer) {
    Proxies trusted = rc.get(KEY);
    return trusted != null && trusted.include(peer);
  }
}
