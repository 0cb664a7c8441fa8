package io.linyu.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// From the manifest of the jar.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "Linyu "
          + Objects.requireNonNullElse(
              Version.class.getPackage().getImplementationVersion(), "(not packaged)")
    };
  }
}
