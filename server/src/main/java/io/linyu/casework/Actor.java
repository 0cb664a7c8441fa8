package io.linyu.casework;

/// In what capacity somebody acts on a case. One person may act in several.
public enum Actor {
  RESIDENT("R"),
  BOT("B"),
  /// Grid worker or building head.
  GRID("G"),
  COMMUNITY("C"),
  STREET("SD"),
  DISTRICT("DD"),
  /// Of the body that holds it.
  HANDLER("H"),
  CO_BODY("K"),
  /// Never the handler.
  VERIFIER("V"),
  LEADER("L"),
  /// A timer or a rule.
  SYSTEM("X"),
  AUDITOR("A");

  private final String letter;

  Actor(String letter) {
    this.letter = letter;
  }

  public String letter() {
    return letter;
  }
}
