package io.linyu.platform.embedded;

import java.nio.file.Path;

/// Told of the steps that take their time, so that nobody waits before a silent screen.
@FunctionalInterface
public interface Progress {
  Progress SILENT = (phase, what) -> {};

  enum Phase {
    UNPACKING,
    CREATING,
    RECOVERING,
    STARTING
  }

  void reached(Phase phase, Path what);
}
