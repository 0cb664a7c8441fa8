package io.linyu.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.platform.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Words ZH = Words.in("zh");
  private static final Words EN = Words.in("en");

  /// A key that stands whole in a template or a class: `words.of("inbox.mine")`.
  private static final Pattern USED =
      Pattern.compile(
          "(?:words|zh|en|in\\([^)]*\\))(?:\\(\\))?\\s*\\.of\\(\\s*\"([^\"]+)\"\\s*[,)]");

  /// The other language's own name, the names of invented places, and what is typed for the visitor
  /// of the demo, which is a resident's own word.
  private static final Pattern SAID_IN_CHINESE =
      Pattern.compile(
          "shell\\.switch-language|demo\\.(other-language|account|try\\..*|place-label\\..*)");

  private static final Pattern PLACE = Pattern.compile("\\{(\\d)");

  @Test
  void everySentenceIsThereInBothLanguagesWithTheSamePlaces() {
    assertThat(EN.all().keySet()).isEqualTo(ZH.all().keySet());
    ZH.all()
        .forEach(
            (key, chinese) -> assertThat(places(EN.of(key))).as(key).isEqualTo(places(chinese)));
    assertThat(ZH.all().values()).noneMatch(String::isBlank);
    EN.all()
        .forEach((key, english) -> {
          if (!SAID_IN_CHINESE.matcher(key).matches()) {
            assertThat(english).as(key).doesNotContainPattern("\\p{IsHan}|''");
          }
        });
  }

  /// The later one would win, and nobody would see it.
  @Test
  void noKeyIsThereTwice() throws IOException {
    for (String language : new String[] {"zh", "en"}) {
      var seen = new TreeSet<String>();
      try (var lines =
          Files.lines(Path.of("src/main/resources/words/messages_" + language + ".properties"))) {
        assertThat(
                lines
                    .filter(line -> line.matches("[a-z][^=\\s]*=.*"))
                    .map(line -> line.substring(0, line.indexOf('=')))
                    .filter(key -> !seen.add(key)))
            .as(language)
            .isEmpty();
      }
      assertThat(seen).isNotEmpty();
    }
  }

  @Test
  void everyKeyThatAPageUsesExists() throws IOException {
    var missing = new TreeMap<String, Path>();
    for (String folder : new String[] {"src/main/java", "src/main/templates"}) {
      try (var files = Files.walk(Path.of(folder))) {
        for (Path file :
            files.filter(each -> each.toString().matches(".*\\.(java|jte)")).toList()) {
          USED.matcher(Files.readString(file))
              .results()
              .map(use -> use.group(1))
              .filter(key -> !ZH.has(key))
              .forEach(key -> missing.put(key, file));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void fillsPlacesAndCountsInEnglish() {
    var words = Words.in("en");
    assertThat(words.of("count.cases", 1)).isEqualTo("1 case");
    assertThat(words.of("count.cases", 12)).isEqualTo("12 cases");
    assertThat(ZH.of("count.cases", "$1{0}")).isEqualTo("$1{0} 件");
    assertThat(Words.in("fr")).isSameAs(ZH);
  }

  @Test
  void everyRefusalHasASentence() {
    assertThat(ZH.of(Refusal.notFound())).contains("没有找到");
    assertThat(ZH.of(new Refusal("never-heard-of", 409))).isEqualTo(ZH.of("refusal.other"));
  }

  private static Set<String> places(String sentence) {
    var places = new TreeSet<String>();
    PLACE.matcher(sentence).results().forEach(place -> places.add(place.group(1)));
    return places;
  }
}
