package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.util.Locale;

/// Which binaries fit this machine.
enum Machine {
  LINUX_AMD64("postgres-linux-x86_64.txz", "linux-amd64"),
  LINUX_ARM64("postgres-linux-arm_64.txz", "linux-arm64"),
  MAC_AMD64("postgres-darwin-x86_64.txz", "darwin-amd64"),
  MAC_ARM64("postgres-darwin-arm_64.txz", "darwin-arm64");

  private static final String REDIS_VERSION = "7.0.15";

  private final String postgres;
  private final String redis;

  Machine(String postgres, String redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  static Machine here() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Machine of(String system, String processor) {
    boolean arm =
        switch (processor.toLowerCase(Locale.ROOT)) {
          case "aarch64", "arm64" -> true;
          case "amd64", "x86_64" -> false;
          default -> throw new CannotStart("no-binaries", system, processor);
        };
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("linux")) {
      return arm ? LINUX_ARM64 : LINUX_AMD64;
    }
    if (name.startsWith("mac")) {
      return arm ? MAC_ARM64 : MAC_AMD64;
    }
    throw new CannotStart("no-binaries", system, processor);
  }

  boolean isLinux() {
    return this == LINUX_AMD64 || this == LINUX_ARM64;
  }

  /// The resource inside the jar that Maven chose for this machine.
  String postgresArchive() {
    return "/" + postgres;
  }

  String redisProgram() {
    return "/redis-server-" + REDIS_VERSION + "-" + redis;
  }

  /// Names the folder the binaries are unpacked into, so that a newer release unpacks its own.
  String label() {
    return redis;
  }
}
