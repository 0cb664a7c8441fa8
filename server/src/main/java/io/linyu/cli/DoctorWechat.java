package io.linyu.cli;

import io.linyu.App;
import io.linyu.Settings;
import io.linyu.channel.wechat.WechatAccount;
import io.linyu.channel.wechat.WechatChannel;
import io.linyu.channel.wechat.WechatCheckup;
import io.linyu.channel.wechat.WechatCheckup.Outcome;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Walks through docs/connect-wechat.md, on our side and on the platform's.
@Command(name = "wechat")
final class DoctorWechat implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Doctor doctor;

  @Option(names = "--account", paramLabel = "NAME", descriptionKey = "menu.account")
  private @Nullable String only;

  @Override
  public Integer call() throws IOException {
    Commands linyu = doctor.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Map<String, Settings.Wechat> accounts = WechatCommands.chosen(loaded.settings(), only);
    int wrong = 0;
    try (var at = AtHand.open(linyu);
        Redis redis = aside(at.database().servers().settings())) {
      for (Map.Entry<String, WechatAccount> each :
          new TreeMap<>(App.wechatAccounts(accounts)).entrySet()) {
        linyu.say("menu.of", each.getKey());
        for (WechatCheckup.Finding found :
            WechatChannel.checkup(
                each.getKey(),
                each.getValue(),
                loaded.settings().http().publicUrl(),
                redis,
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
          String mark =
              switch (found.outcome()) {
                case GOOD -> "doctor.good";
                case HINT -> "doctor.hint";
                case BAD -> "doctor.bad";
              };
          linyu
              .out()
              .println(
                  linyu.sentences().of(mark)
                      + " "
                      + linyu
                          .sentences()
                          .of("checkup." + found.key(), found.arguments().toArray()));
          wrong += found.outcome() == Outcome.BAD ? 1 : 0;
        }
      }
    }
    linyu.say(wrong == 0 ? "doctor.well" : "doctor.ill", wrong);
    return wrong == 0 ? 0 : 1;
  }

  /// Apart from what running servers keep there: they must not stop asking because of what is only
  /// tried here, nor this go by what they were told before something was put right.
  private static Redis aside(Settings settings) {
    return Redis.connect(
        settings.redisUrl(), settings.redisPrefix() + "doctor:" + Codes.random() + ":");
  }
}
