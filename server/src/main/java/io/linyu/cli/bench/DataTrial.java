package io.linyu.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The console on a district that has years behind it: how long its pages take, and how soon open
/// consoles have heard and show what has happened.
public final class DataTrial {
  /// @param folder new, or filled by an earlier trial
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param requests so many for each page that is measured
  /// @param consoles so many hear; 0: none are tried
  /// @param rounds so often something happens that they hear of
  /// @param options for the server's Java
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int cases,
      int people,
      int requests,
      int consoles,
      int rounds,
      List<String> options) {}

  /// How long one page took.
  ///
  /// @param who of the members of staff: `community`, `street`, `district`, `building`, `resident`
  /// @param what a word of the vocabulary
  /// @param micros at the 50th and 95th percentile, and the slowest
  /// @param wish at the 95th, in milliseconds
  /// @param bytes of one answer
  public record Timed(String who, String what, List<Long> micros, int wish, long bytes) {
    public boolean isKept() {
      return micros.get(1) <= wish * 1_000L;
    }
  }

  /// Is told how far it is.
  public interface Listener {
    void step(String what, Object detail);

    void filled(long cases, long people, long events, long messages, long seconds);

    void timed(Timed timed);

    void lived(Lived lived);
  }

  /// How soon open consoles hear of something and show it, in microseconds at the 50th and 95th
  /// percentile and the slowest.
  ///
  /// @param what happened
  /// @param consoles that heard it; `missing` never did
  public record Lived(
      String what, int consoles, int missing, List<Long> heard, List<Long> fresh, long requests) {
    private static final long WISH = 1_000_000;

    public boolean isKept() {
      return missing == 0 && fresh.get(1) <= WISH;
    }
  }

  private DataTrial() {}

  /// @return how much was slower than wished
  public static long run(Plan plan, Listener listener) throws IOException {
    try (DataGround ground =
        DataGround.open(
            plan.folder(),
            plan.programs(),
            plan.cases(),
            plan.people(),
            List.of(),
            plan.options(),
            listener::step)) {
      ground.server().start();
      DataGround.Filled filled = ground.filled();
      listener.filled(
          filled.cases(), filled.people(), filled.events(), filled.messages(), filled.seconds());
      List<Timed> timed = pages(ground, plan.requests(), listener::timed);
      var lived = new ArrayList<Lived>();
      if (plan.consoles() > 0) {
        listener.step("consoles", plan.consoles());
        try (var live = new DataLive(ground, plan.consoles(), plan.folder())) {
          live.measure(
              plan.rounds(),
              each -> {
                lived.add(each);
                listener.lived(each);
              });
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }
      return timed.stream().filter(each -> !each.isKept()).count()
          + lived.stream().filter(each -> !each.isKept()).count();
    }
  }

  private static List<Timed> pages(DataGround ground, int requests, Consumer<Timed> listener)
      throws IOException {
    if (requests == 0) {
      return List.of();
    }
    try (var pages = new DataPages(ground, requests)) {
      return pages.measure(listener);
    }
  }
}
