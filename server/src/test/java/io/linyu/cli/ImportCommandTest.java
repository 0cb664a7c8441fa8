package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Settings;
import io.linyu.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  @TempDir private Path home;

  private final StringWriter said = new StringWriter();

  @Test
  void namesEachWrongValueInBothLanguagesOrImportsTheWholeFile() throws IOException {
    Settings settings = World.settings();
    Path file = home.resolve("streets.csv");

    Files.writeString(file, "code,level,name,parent_code\n990103,district,澜湖区,990\n");
    assertThat(run(settings, "import", "territory", file.toString())).isEqualTo(1);
    assertThat(said.toString())
        .contains(file + ":2: parent_code \"990\"")
        .contains("不能有上级")
        .contains("has no parent")
        .contains("Wrong in 1 places");

    Files.writeString(file, "code,level,name,parent_code\n990103,district,澜湖区,\n");
    assertThat(run(settings, "import", "territory", "--dry-run", file.toString())).isZero();
    assertThat(said.toString()).contains("Dry run, nothing written: 0 new, 1 changed");
    assertThat(run(settings, "import", "territory", file.toString())).isZero();
    assertThat(run(settings, "import", "territory", file.toString())).isZero();
    assertThat(said.toString())
        .contains("1 changed, 0 as before")
        .contains("0 changed, 1 as before");

    said.getBuffer().setLength(0);
    assertThat(run(settings, "audit", "log", "--since", "2020-01-01")).isZero();
    assertThat(said.toString().lines())
        .as("a dry run and a refused file are none")
        .hasSize(2)
        .allMatch(line -> line.contains("\tcommand_line\timported\t\tstreets.csv\t"))
        .last()
        .asString()
        .contains("\"kind\":\"territory\"", "\"changed\":0");
    assertThat(run(settings, "staff", "reset-factor", "U1")).isEqualTo(1);
    assertThat(said.toString()).contains("no member of staff with the code U1");

    Path days = home.resolve("holidays.csv");
    Files.writeString(days, "date,kind,name\n2027-01-01,off,元旦\n");
    said.getBuffer().setLength(0);
    assertThat(run(settings, "import", "holidays", "--dry-run", days.toString())).isZero();
    assertThat(said.toString().lines())
        .startsWith(
            "Of the running clocks 0 count working time; none of them changes.",
            "In the last 90 days 0 clocks ran in working time and are over. By the new days 0 would have been due at another time, 0 would have been late that were not, 0 would not have been late that were.")
        .last()
        .asString()
        .contains("nothing written: 1 new");

    assertThat(run(settings, "import", "categories", "../config/categories.csv")).isZero();
    Path kinds = home.resolve("categories.csv");
    Files.writeString(
        kinds,
        Files.readString(Path.of("../config/categories.csv"))
            .replaceFirst("(?m)^(0102,.*),2,work_day,", "$1,1,work_day,"));
    said.getBuffer().setLength(0);
    assertThat(run(settings, "import", "categories", "--dry-run", kinds.toString())).isZero();
    assertThat(said.toString())
        .contains(
            "In the last 90 days there were 0 cases of which it is known what and where they are. By this file 0 of them would have gone to another desk.",
            "  Piled goods in public area or stairwell, Handling: 2 working days → 1 working day. In the last 90 days it ran 0 times and was late 0 times; by this file it would have been late 0 times.",
            "nothing written: 0 new, 1 changed");

    Path rules = home.resolve("rules.csv");
    Files.writeString(
        rules,
        "category,territory,body,from,reason\n*,990,D01,2099-01-01,试\n*,990103,D01,2020-01-01,试\n");
    said.getBuffer().setLength(0);
    assertThat(run(settings, "import", "routing", rules.toString())).isEqualTo(1);
    assertThat(said.toString())
        .contains(rules + ":2: territory \"990\"")
        .contains(rules + ":3: from \"2020-01-01\"")
        .contains("Cannot be before today");

    assertThat(run(settings, "import", "staff", home.resolve("none.csv").toString())).isEqualTo(1);
    assertThat(said.toString()).contains("There is no file");
  }

  @Test
  void aDatabaseThatIsAwayIsSaidInOneSentence() throws IOException {
    Settings settings = World.settings();
    String wrong = settings.databaseUrl().replaceFirst(":[^:@/]+@", ":wrong@");
    Path file = Files.writeString(home.resolve("streets.csv"), "code,level,name,parent_code\n");

    for (String[] command :
        new String[][] {{"audit", "receipts"}, {"import", "territory", file.toString()}}) {
      for (String url : List.of(wrong, "postgresql://linyu:linyu@localhost:1/linyu")) {
        said.getBuffer().setLength(0);
        assertThat(
                run(settings.withServers(url, settings.redisUrl(), settings.secretsKey()), command))
            .isEqualTo(1);
        assertThat(said.toString().lines())
            .singleElement()
            .asString()
            .startsWith("The database cannot be reached:");
      }
    }
  }

  @Test
  void doctorLooksAtARedisOfOnesOwnBeforeTheFirstStart() {
    var environment =
        new Environment(
            Map.of("LANG", "en_US.UTF-8", "LINYU_REDIS_URL", "redis://localhost:1"), home);
    var out = new PrintWriter(said, true);
    assertThat(Commands.run(new String[] {"doctor"}, environment, out, out)).isEqualTo(1);
    assertThat(said.toString()).contains("✗ Redis cannot be reached").doesNotContain("All is well");
  }

  private int run(Settings settings, String... arguments) {
    var environment =
        new Environment(
            Map.of(
                "LANG", "en_US.UTF-8",
                "LINYU_DATABASE_URL", settings.databaseUrl(),
                "LINYU_REDIS_URL", settings.redisUrl(),
                "LINYU_SECRETS_KEY", settings.secretsKey()),
            home);
    var out = new PrintWriter(said, true);
    return Commands.run(arguments, environment, out, out);
  }
}
