package io.linyu.cli;

import io.linyu.App;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// The same as `serve`, with the demo district and the simulators of the platforms.
@Command(name = "demo")
final class Demo implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Override
  public Integer call() {
    SettingsLoader.Loaded loaded = linyu.settings(true);
    try (var stop = Stop.watch();
        var servers = Servers.own(loaded, linyu.progress())) {
      Serve.checkPort(servers);
      try (var app = App.start(servers.settings(), Clock.systemUTC())) {
        servers.publish(app.port());
        linyu.say("demo.ready", servers.settings().http().publicUrl());
        stop.await();
        linyu.sayGoodbye();
      }
    }
    return 0;
  }
}
