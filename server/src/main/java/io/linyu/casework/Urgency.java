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

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
