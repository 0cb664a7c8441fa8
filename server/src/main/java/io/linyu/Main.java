package io.linyu;

import io.linyu.cli.Commands;

public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Commands.run(arguments));
  }
}
