package io.linyu.community;

import io.linyu.platform.time.OwnHours;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;

/// When desks are open: the working calendar, as far as this room needs it. Asked for with each
/// message and each step, so it is answered from memory.
public interface OpeningHours {
  /// Day and night.
  OpeningHours ALWAYS =
      new OpeningHours() {
        @Override
        public boolean isOpen(long desk, Instant at) {
          return true;
        }

        @Override
        public Instant nextOpen(long desk, Instant at) {
          return at;
        }
      };

  /// By the calendar of the house, and the hours of those desks that have their own.
  static OpeningHours of(Supplier<WorkingCalendar> calendar, Runnable changed) {
    return new OpeningHours() {
      @Override
      public boolean isOpen(long desk, Instant at) {
        return calendar.get().isOpen(desk, at);
      }

      @Override
      public Instant nextOpen(long desk, Instant at) {
        return calendar.get().nextOpen(desk, at);
      }

      @Override
      public Optional<OwnHours> own(long desk, LocalDate day) {
        return calendar.get().own(desk, day);
      }

      @Override
      public void changed() {
        changed.run();
      }
    };
  }

  boolean isOpen(long desk, Instant at);

  /// The next moment from `at` on at which it is open; `at` itself when it is open then.
  Instant nextOpen(long desk, Instant at);

  /// The hours that a desk has of its own on that day; empty: it works when the house does.
  default Optional<OwnHours> own(long desk, LocalDate day) {
    return Optional.empty();
  }

  /// After a commit that changed the hours of a desk.
  default void changed() {}
}
