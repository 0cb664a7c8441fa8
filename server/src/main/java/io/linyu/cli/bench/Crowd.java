package io.linyu.cli.bench;

import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Patience;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Residents with their phones: each says one thing after the other, all of them side by side.
final class Crowd {
  private static final List<String> SMALL_TALK =
      List.of("你好", "社区电话是多少", "怎么查进度", "谢谢", "菜单", "可以匿名吗", "怎么反映问题");
  private static final List<String> MATTERS =
      List.of("3栋楼道灯坏了好几天", "1栋楼下垃圾桶满了没人清运", "小区门口路灯不亮", "单元门禁坏了，关不上", "健身器材坏了没人修", "共享单车乱停，占了人行道");

  /// Every so many phones belong to people whose platform does not wait for one attempt to end.
  private static final int HASTY = 4;

  /// Every so many of them say what is the matter as their last word, and never confirm it.
  private static final int FORGETFUL = 3;

  /// So many of the newest messages of each are delivered once more.
  private static final int ASKED_AGAIN = 10;

  /// So many messages with one matter among them.
  private static final int ROUND = 25;

  private static final Duration APART = Duration.ofMillis(150);

  private static final Patience TWICE_AT_ONCE =
      new Patience(2, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO);

  private static final int SHORTEST_PAUSE = 20;
  private static final int LONGEST_PAUSE = 250;

  private final List<Phone> phones;
  private final int living;
  private final Buffer photo = photo();
  private final Queue<Attempt> taken = new ConcurrentLinkedQueue<>();
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final Map<Long, List<Attempt>> again = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger tellings = new AtomicInteger();
  private volatile boolean quiet;

  /// @param all who say something twice at once
  /// @param living those of them who go on talking until everybody falls silent
  Crowd(WechatSimulator wechat, int all, int living) {
    phones = IntStream.range(0, all).mapToObj(i -> wechat.stranger("resident-" + i)).toList();
    this.living = living;
    for (int i = 0; i < living; i += HASTY) {
      phones.get(i).with(Patience.OF_WECHAT.overlapping(APART));
    }
  }

  List<Phone> phones() {
    return phones;
  }

  /// Everybody comes and says so many things in all, and the platform delivers each to two nodes at
  /// the same moment.
  void sayTwiceAtOnce(int messages) throws InterruptedException {
    var talking = new ArrayList<Thread>();
    for (int i = 0; i < phones.size(); i++) {
      Phone phone = phones.get(i);
      Patience usual = phone.patience();
      int share = messages / phones.size() + (i < messages % phones.size() ? 1 : 0);
      talking.add(
          Thread.ofVirtual()
              .start(() -> {
                phone.with(TWICE_AT_ONCE);
                try {
                  sayInTurn(phone, share);
                } catch (RuntimeException e) {
                  broken.add(phone.name() + ": " + e);
                }
                phone.with(usual);
              }));
    }
    for (Thread each : talking) {
      each.join();
    }
  }

  /// Small talk, and now and then a matter and a yes.
  private void sayInTurn(Phone phone, int messages) {
    for (int i = 0; i < messages; i++) {
      switch (i == 0 ? -1 : i % ROUND) {
        case -1 -> after(phone.follow(Ground.HOME));
        // A member of staff may have the conversation since the last matter.
        case 1 -> after(phone.says("返回"));
        case 2 -> after(phone.says(numbered(MATTERS.get(i % MATTERS.size()))));
        case 3 -> after(phone.says("对"));
        default -> after(phone.says(SMALL_TALK.get(i % SMALL_TALK.size())));
      }
    }
  }

  void start(Random seeds) {
    for (Phone phone : phones.subList(0, living)) {
      var random = new Random(seeds.nextLong());
      threads.add(Thread.ofVirtual().name(phone.name()).start(() -> live(phone, random)));
    }
  }

  private void live(Phone phone, Random random) {
    try {
      if (!phone.follows()) {
        after(phone.follow(Ground.HOME));
      }
      while (!quiet) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> after(phone.says(any(SMALL_TALK, random)));
          case 3 -> after(phone.says("查询"));
          case 4 -> report(phone, random, () -> after(phone.image(photo)));
          default -> report(phone, random, () -> {});
        }
        Thread.sleep(random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE));
      }
      if (phones.indexOf(phone) % FORGETFUL == 0) {
        var _ = tell(phone, random);
      }
    } catch (InterruptedException | RuntimeException e) {
      broken.add(phone.name() + ": " + e);
    }
  }

  private void report(Phone phone, Random random, Runnable more) {
    if (tell(phone, random)) {
      more.run();
      after(phone.says("对"));
    }
  }

  private boolean tell(Phone phone, Random random) {
    String matter = any(MATTERS, random);
    // A member of staff may have the conversation: back to the bot.
    return !isUnanswered(phone, numbered(matter))
        || !(isUnanswered(phone, "返回") || isUnanswered(phone, numbered(matter)));
  }

  /// Each telling can be told from all others.
  private String numbered(String matter) {
    return matter + "［" + tellings.incrementAndGet() + "］";
  }

  private boolean isUnanswered(Phone phone, String text) {
    after(phone.says(text));
    return phone.said().getLast().attempts().stream()
        .noneMatch(each -> each.result() == Attempt.Result.REPLIED);
  }

  private void after(Phone phone) {
    phone.said().getLast().attempts().stream().filter(Observed::isTaken).forEach(taken::add);
  }

  /// When the first attempt that began after this moment was acknowledged.
  Optional<Instant> acknowledgedAfter(Instant moment) {
    return taken.stream()
        .filter(each -> each.at().isAfter(moment))
        .map(each -> each.at().plus(each.took()))
        .min(Instant::compareTo);
  }

  /// Everybody finishes what they were saying.
  void fallSilent() throws InterruptedException {
    quiet = true;
    for (Thread each : threads) {
      each.join();
    }
  }

  List<String> broken() {
    return List.copyOf(broken);
  }

  /// The platform delivers once more what was acknowledged: all of which an attempt had failed, and
  /// the newest.
  void askAgain() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      phones.forEach(phone -> threads.execute(() -> askAgain(phone)));
    }
  }

  private void askAgain(Phone phone) {
    List<Line.Said> all =
        phone.said().stream()
            .filter(said -> said.attempts().stream().anyMatch(Observed::isTaken))
            .toList();
    for (int i = 0; i < all.size(); i++) {
      Line.Said said = all.get(i);
      boolean inDoubt = !said.attempts().stream().allMatch(Observed::isTaken);
      if (inDoubt || i >= all.size() - ASKED_AGAIN) {
        again
            .computeIfAbsent(said.messageId(), _ -> new CopyOnWriteArrayList<>())
            .add(phone.again(said));
      }
    }
  }

  int askedAgain() {
    return again.values().stream().mapToInt(List::size).sum();
  }

  /// What they know, with what was asked again.
  List<Observed.Resident> residents() {
    return phones.stream().map(phone -> resident(phone, again)).toList();
  }

  static Observed.Resident resident(Phone phone, Map<Long, List<Attempt>> again) {
    List<Line.Said> said =
        phone.said().stream()
            .map(each -> {
              var attempts = new ArrayList<>(each.attempts());
              attempts.addAll(again.getOrDefault(each.messageId(), List.of()));
              return with(each, attempts);
            })
            .toList();
    return new Observed.Resident(phone.name(), phone.openid(), said, phone.heard());
  }

  static Line.Said with(Line.Said said, List<Attempt> attempts) {
    return new Line.Said(
        said.id(),
        said.at(),
        said.type(),
        said.text(),
        said.mediaId(),
        said.messageId(),
        List.copyOf(attempts));
  }

  private static String any(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static Buffer photo() {
    try (InputStream file =
        Objects.requireNonNull(Crowd.class.getResourceAsStream("/demo/photos/puddle.jpg"))) {
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
