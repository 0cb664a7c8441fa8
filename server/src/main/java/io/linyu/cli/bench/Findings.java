package io.linyu.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a trial counted: plain figures, and promises with every breach that was found.
public final class Findings {
  /// @param key of its sentence, under `bench.kill.`
  /// @param counted how many things were looked at
  /// @param breaches one line each; empty: kept
  public record Promise(String key, long counted, List<String> breaches) {
    public Promise {
      breaches = List.copyOf(breaches);
    }
  }

  private final Map<String, String> figures = new LinkedHashMap<>();
  private final List<Promise> promises = new ArrayList<>();

  void figure(String key, Object value) {
    figures.put(key, value.toString());
  }

  void figure(String key, Duration value) {
    figures.put(key, "%.1f s".formatted(value.toMillis() / 1000.0));
  }

  void promise(String key, long counted, List<String> breaches) {
    promises.add(new Promise(key, counted, breaches));
  }

  public Map<String, String> figures() {
    return figures;
  }

  public List<Promise> promises() {
    return promises;
  }

  public List<String> breaches() {
    return promises.stream()
        .flatMap(each -> each.breaches().stream().map(breach -> each.key() + ": " + breach))
        .toList();
  }
}
