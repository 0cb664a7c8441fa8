package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private static final ResourceBundle ZH = new Sentences("zh").bundle();
  private static final ResourceBundle EN = new Sentences("en").bundle();
  private static final Pattern PLACE = Pattern.compile("\\{\\d}");
  private static final Pattern REFUSAL =
      Pattern.compile("new\\s+CannotStart\\(\\s*(?:\\w+,\\s*)?\"([^\"]+)\"");
  private static final Pattern SAID = Pattern.compile("say(?:Aside)?\\(\\s*\"([^\"]+)\"");

  @Test
  void everySentenceIsThereInBothLanguagesWithTheSamePlaces() {
    assertThat(EN.keySet()).isEqualTo(ZH.keySet());
    for (String key : ZH.keySet()) {
      assertThat(places(EN.getString(key))).as(key).isEqualTo(places(ZH.getString(key)));
      assertThat(EN.getString(key)).as(key).doesNotMatch("(?s).*\\p{IsHan}.*");
    }
  }

  @Test
  void everyRefusalAndEveryRemarkHasASentence() throws IOException {
    var missing = new TreeSet<String>();
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        REFUSAL.matcher(text).results().map(use -> "cannot." + use.group(1)).forEach(missing::add);
        if (file.toString().contains("/cli/")) {
          SAID.matcher(text).results().map(use -> use.group(1)).forEach(missing::add);
        }
      }
    }
    assertThat(missing).contains("cannot.port-busy", "serve.ready");
    missing.removeAll(ZH.keySet());
    missing.removeIf(key -> key.endsWith("-") || key.endsWith(".")); // put together with a name
    assertThat(missing).isEmpty();
  }

  private static Set<String> places(String sentence) {
    var places = new TreeSet<String>();
    PLACE.matcher(sentence).results().forEach(place -> places.add(place.group()));
    return places;
  }
}
