package io.linyu.community;

import java.util.List;

/// A handling body of the catalogue: what categories and rules name, and desks belong to.
///
/// @param code such as `D07`
/// @param level `district`, `street`, `community`, or `external` for those outside the house, such
///   as an emergency line
/// @param kind `desk`, `partner`, `volunteer_body` or `emergency_line`
/// @param fallback takes what no rule names, at its level
public record Body(
    String code,
    String name,
    String level,
    String kind,
    List<String> alsoCalled,
    boolean fallback) {
  public Body {
    alsoCalled = List.copyOf(alsoCalled);
  }
}
