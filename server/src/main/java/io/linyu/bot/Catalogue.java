package io.linyu.bot;

import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.Scripts.Source;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// The key words of the catalogue of categories.
final class Catalogue {
  private Catalogue() {}

  static Map<String, List<String>> keywords(Source source, List<Problem> problems) {
    var keywords = new LinkedHashMap<String, List<String>>();
    try (var csv =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .get()
            .parse(new StringReader(source.text()))) {
      for (CSVRecord row : csv) {
        if (row.isSet("keywords") && !row.get("keywords").isEmpty()) {
          keywords.put(row.get("code"), Arrays.asList(row.get("keywords").split("[,，]")));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          new Problem(
              source.file(), 1, 1, "读不了：" + e.getMessage(), "cannot be read: " + e.getMessage()));
    }
    return keywords;
  }
}
