package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Settings;
import io.linyu.World;
import io.linyu.community.Community;
import io.linyu.community.ImportReport;
import io.linyu.community.audit.Who;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CategoryImportTest {
  private static final Settings SETTINGS = World.settings();

  @AutoClose("close")
  private static final Vertx VERTX = Vertx.vertx();

  @AutoClose private static final Db DB = Db.connect(VERTX, SETTINGS.databaseUrl(), 4);

  private static final Community COMMUNITY =
      Community.open(
          DB, new Vault(SETTINGS.secretsKey()), Clock.systemUTC(), SETTINGS.zone(), Who.SERVER);

  private final Categories categories = new Categories(DB);
  private final CategoryImport imports =
      new CategoryImport(DB, categories, COMMUNITY.desks(), COMMUNITY.audit());

  @Test
  void theShippedCatalogueIsThereFromTheStartAndTheSameFileChangesNothing() throws IOException {
    imports.prepare();
    assertThat(categories.all()).hasSize(89);
    Category light = categories.named("0201").orElseThrow();
    assertThat(light.body()).isEqualTo("D12");
    assertThat(light.coBodies()).containsExactly("D13");
    try (Reader file = Files.newBufferedReader(Path.of("../config/categories.csv"))) {
      ImportReport again = imports.categories(file, false, null);
      assertThat(again.problems()).isEmpty();
      assertThat(again.changesNothing()).isTrue();
      assertThat(again.unchanged()).isEqualTo(89);
    }
  }

  @Test
  void everyWrongValueIsNamed() {
    ImportReport report =
        imports.categories(
            new StringReader(
                """
                code,parent_code,name_zh,name_en,default_body,co_bodies,loop,sla_value,sla_unit,default_urgency
                01,,市容环境,City,,,,,,
                0101,01,垃圾,Rubbish,无此单位,物业服务人;也没有,community,4,work_hour,normal
                0102,09,堆物,Goods,社区居委会,,village,2,week,soon
                0102,01,,Goods,,,,2,work_day,
                """),
            false,
            null);
    assertThat(report.problems())
        .extracting(each -> each.line() + " " + each.column() + " " + each.key())
        .containsExactly(
            "3 co_bodies no-such-body",
            "3 default_body no-such-body",
            "4 default_urgency not-one-of",
            "4 loop not-one-of",
            "4 sla_unit not-one-of",
            "4 parent_code no-such-category",
            "5 name_zh missing",
            "5 code twice",
            "5 default_body missing",
            "5 loop missing",
            "5 default_urgency missing");
  }
}
