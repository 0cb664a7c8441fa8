package io.linyu.cli;

import io.linyu.App;
import io.linyu.Rooms;
import io.linyu.demo.Doors;
import io.linyu.demo.Town;
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
      try (var demo = io.linyu.demo.Demo.start(servers.settings(), Clock.systemUTC());
          var app =
              App.start(
                  demo.settings(),
                  demo.clock(),
                  linyu.environment().menu(),
                  rooms -> demo.routes(doors(rooms)))) {
        SettingsAudit.record(app.rooms(), loaded, servers.settings().secretsKey());
        servers.publish(app.port());
        linyu.keepTraining();
        var _ = demo.open(doors(app.rooms()), app.port(), this::tell);
        String url = servers.settings().http().publicUrl();
        linyu.say("demo.ready", url + "/demo", url + "/console", demo.wechat().apiBase());
        Town.logins()
            .forEach(each ->
                linyu.say(
                    "demo.login",
                    each.code(),
                    each.name(),
                    each.place() + each.role(),
                    linyu.sentences().of("demo.sees." + each.code())));
        linyu.say("demo.password", Town.PASSWORD);
        stop.await();
        linyu.sayGoodbye();
      }
    }
    return 0;
  }

  private void tell(int done, int of) {
    if (done == 0 || done == of || done % 25 == 0) {
      linyu.say("demo.loading", done, of);
    }
  }

  private static Doors doors(Rooms rooms) {
    return new Doors(
        rooms.db(),
        rooms.ticker(),
        rooms.page(),
        rooms.community(),
        rooms.casework(),
        rooms.reception().hearings());
  }
}
