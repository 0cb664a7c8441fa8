package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresPageTest {
  @Test
  void figuresReplaceThoseOfTheLastRunAndNothingElse(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("benchmarks.md");
    var figures = new FiguresPage(page);
    assertThat(figures.put("webhook", "| 1 |\n")).as("there is no page").isFalse();

    String before = "# Words\n\n<!-- webhook -->\n| old |\n<!-- /webhook -->\n\nMore words\n";
    Files.writeString(page, before);
    assertThat(figures.put("kill", "| 1 |\n")).as("it has no place for them").isFalse();
    assertThat(page).hasContent(before);

    assertThat(figures.put("webhook", "| 1 |\n")).isTrue();
    assertThat(figures.put("webhook", "| 2 |\n| 3 |\n")).isTrue();
    assertThat(Files.readString(page)).isEqualTo(before.replace("| old |\n", "| 2 |\n| 3 |\n"));
    assertThat(folder)
        .isDirectoryContaining(page::equals)
        .isDirectoryNotContaining("regex:.*figures.*");
  }
}
