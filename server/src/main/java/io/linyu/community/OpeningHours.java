package io.linyu.community;

import java.time.Instant;

/// When desks are open: the working calendar, as far as this room needs it.
public interface OpeningHours {
  /// Day and night.
  OpeningHours ALWAYS =
      new OpeningHours() {
        @Override
        public boolean isOpen(Instant at) {
          return true;
        }

        @Override
        public Instant nextOpen(Instant at) {
          return at;
        }
      };

  boolean isOpen(Instant at);

  /// The next moment from `at` on at which it is open; `at` itself when it is open then.
  Instant nextOpen(Instant at);
}
