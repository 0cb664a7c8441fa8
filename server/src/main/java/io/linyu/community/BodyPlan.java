package io.linyu.community;

import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What importing a file of bodies comes to. Bodies that are not in the file stay: categories name
/// them.
record BodyPlan(List<Body> bodies, ImportReport report) {
  private static final Set<String> LEVELS = Set.of("district", "street", "community", "external");
  private static final Set<String> KINDS =
      Set.of("desk", "partner", "volunteer_body", "emergency_line");

  static BodyPlan of(Reader file, List<Body> existing) {
    Csv csv =
        Csv.read(
            file,
            List.of("code", "name|name_zh", "level", "kind"),
            List.of("also_called", "fallback|fallback_of_level"));
    Map<String, Integer> lines = new HashMap<>();
    Map<String, Body> all = new LinkedHashMap<>();
    existing.forEach(body -> all.put(body.code(), body));
    var read = new ArrayList<Body>();
    for (Csv.Line line : csv.lines()) {
      var body =
          new Body(
              line.text("code"),
              line.text("name"),
              line.oneOf("level", LEVELS),
              line.oneOf("kind", KINDS),
              line.several("also_called", "[;；]"),
              line.yes("fallback"));
      Integer before = lines.putIfAbsent(body.code(), line.number());
      if (before != null) {
        line.wrong("code", "twice", before);
      }
      read.add(body);
      all.put(body.code(), body);
    }
    judge(csv, read, all);
    return new BodyPlan(read, report(csv, read, existing));
  }

  private static void judge(Csv csv, List<Body> read, Map<String, Body> all) {
    Map<String, String> names = new HashMap<>();
    Map<String, String> fallbacks = new HashMap<>();
    for (Body body : all.values()) {
      Stream.concat(Stream.of(body.name()), body.alsoCalled().stream())
          .forEach(name -> names.putIfAbsent(name, body.code()));
      if (body.fallback()) {
        fallbacks.putIfAbsent(body.level(), body.code());
      }
    }
    for (int i = 0; i < read.size(); i++) {
      Body body = read.get(i);
      Csv.Line line = csv.lines().get(i);
      if (!body.code().equals(names.get(body.name()))) {
        line.wrong("name", "name-taken", String.valueOf(names.get(body.name())));
      }
      body.alsoCalled().stream()
          .filter(name -> !body.code().equals(names.get(name)))
          .forEach(
              name -> line.wrong("also_called", "name-taken", String.valueOf(names.get(name))));
      if (body.fallback() && !body.code().equals(fallbacks.get(body.level()))) {
        line.wrong("fallback", "two-fallbacks", body.level());
      }
    }
    if (!fallbacks.containsKey("district") && !read.isEmpty()) {
      csv.lines().getFirst().wrong("fallback", "no-fallback");
    }
  }

  private static ImportReport report(Csv csv, List<Body> read, List<Body> existing) {
    Map<String, Body> before = new HashMap<>();
    existing.forEach(body -> before.put(body.code(), body));
    return ImportReport.of(csv, read, Body::code, body -> before.get(body.code()));
  }
}
