package io.linyu.casework;

import java.util.Locale;

/// How soon. Emergencies go by wording, not by category: they ring an alarm.
public enum Urgency {
  LOW,
  NORMAL,
  HIGH,
  CRITICAL,
  EMERGENCY;

  static Urgency of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// Whether others may come to harm by what cannot wait any longer.
  boolean isSafety() {
    return compareTo(CRITICAL) >= 0;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
