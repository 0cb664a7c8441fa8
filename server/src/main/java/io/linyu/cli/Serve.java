package io.linyu.cli;

import io.linyu.App;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "serve")
final class Serve implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Override
  public Integer call() {
    SettingsLoader.Loaded loaded = linyu.settings(false);
    try (var stop = Stop.watch();
        var servers = Servers.own(loaded, linyu.progress())) {
      try (var app =
          App.start(
              servers.settings(), Clock.systemUTC(), linyu.environment().menu(), _ -> List.of())) {
        SettingsAudit.record(app.rooms(), loaded, servers.settings().secretsKey());
        servers.publish(app.port());
        linyu.keepTraining();
        linyu.say("serve.ready", servers.settings().http().publicUrl());
        stop.await();
        linyu.sayGoodbye();
      }
    }
    return 0;
  }
}
