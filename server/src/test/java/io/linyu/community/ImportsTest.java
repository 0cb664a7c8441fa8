package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Settings;
import io.linyu.World;
import io.linyu.community.Imports.Options;
import io.linyu.community.audit.Who;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Problem;
import io.linyu.platform.text.Words;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ImportsTest {
  private static final Clock TODAY =
      Clock.fixed(Instant.parse("2026-11-23T02:00:00Z"), ZoneOffset.UTC);

  /// For what writes nothing.
  @AutoClose private static final House EMPTY = new House(TODAY);

  /// For what does.
  private @Nullable House built;

  @AfterEach
  void takeDown() {
    House house = built;
    if (house != null) {
      house.close();
    }
  }

  @Test
  void anEmptyInstallationIsReady() {
    assertThat(EMPTY.community.territories().root().name()).isEqualTo("本区");
    assertThat(EMPTY.community.desks().fallbackFor(EMPTY.community.territories().root()).name())
        .isEqualTo("本区指挥中心");
    assertThat(count(EMPTY, "SELECT count(*) FROM body")).isEqualTo(63);
    assertThat(count(EMPTY, "SELECT count(*) FROM holiday")).isEqualTo(108);

    EMPTY.another(TODAY);
    assertThat(count(EMPTY, "SELECT count(*) FROM territory")).isEqualTo(1);
  }

  @Test
  void nodesThatStartAtTheSameTimeMakeItReadyOnce() throws Exception {
    Settings settings = World.settings();
    Db db = Db.connect(EMPTY.vertx, settings.databaseUrl(), 8);
    var vault = new Vault(settings.secretsKey());
    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Community> start =
          () -> Community.open(db, vault, TODAY, settings.zone(), Who.SERVER);
      for (Future<Community> node : nodes.invokeAll(Collections.nCopies(6, start))) {
        assertThat(node.get().territories().root().name()).isEqualTo("本区");
      }
      assertThat(db.one("SELECT count(*) FROM territory").getLong(0)).isEqualTo(1);
      assertThat(db.one("SELECT count(*) FROM desk WHERE fallback").getLong(0)).isEqualTo(1);
    } finally {
      db.close();
    }
  }

  @Test
  void theWholeDistrictIsReadInAMomentAndAgainWithoutAChange() {
    House house = built();
    Imports imports = house.community.imports();
    Territories territories = house.community.territories();
    long began = System.nanoTime();
    ImportReport nodes = House.shipped("/demo/territory.csv", imports::territory);
    ImportReport people = House.shipped("/demo/staff.csv", imports::staff);
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    assertThat(nodes.problems()).isEmpty();
    assertThat(people.problems()).isEmpty();
    // The district took the root's place.
    assertThat(nodes.changed()).containsExactly("990103");
    assertThat(nodes.added()).hasSize(3_977);
    assertThat(people.added()).hasSize(5_269);
    assertThat(took).isLessThan(Duration.ofSeconds(15));
    System.err.printf("imports: the district in %d ms%n", took.toMillis());

    assertThat(territories.root().name()).isEqualTo("澜湖区");
    Territory building = house.at("990103001001L003");
    assertThat(territories.nameForResident(building)).isEqualTo("和光小区3栋");
    assertThat(territories.findBuildings("和光小区三号楼", null)).containsExactly(building);
    assertThat(territories.gridOf(building).orElseThrow().name()).isEqualTo("清月园第1网格");

    assertThat(House.shipped("/demo/territory.csv", imports::territory).changesNothing()).isTrue();
    assertThat(House.shipped("/demo/staff.csv", imports::staff).changesNothing()).isTrue();
    assertThat(House.shipped("/config/desks.csv", imports::desks).changesNothing()).isTrue();
    assertThat(House.shipped("/config/holidays.csv", imports::holidays).changesNothing()).isTrue();

    // Whoever handles matters works at a desk; heads, councils and volunteers only see theirs.
    assertThat(
            count(
                house,
                """
                SELECT count(*) FROM staff s WHERE NOT EXISTS (
                  SELECT FROM desk_member m WHERE m.staff_id = s.id)
                   AND role NOT IN ('group_head', 'building_head', 'council_chair', 'council_member',
                                    'volunteer')
                """))
        .isZero();
  }

  @Test
  void everyWrongValueIsNamedAndNothingIsWritten() {
    ImportReport report =
        EMPTY.territory(
            """
            code,level,name,parent_code,households,lat,extra,phone
            990103,district,澜湖区,,1,0,,
            990103001,street,望澜街道,990103,x,0,,
            990103001,street,望澜街道,990103,1,91,,
            990103001001,community,清月园社区,990199,1,0,,
            990103001002,town,安瑞社区,990103001,1,0,,
            990103001003,community,,990103001,1,0,,
            990103001004,community,嘉清社区,,1,0,,hello
            990103001004L1,building,1栋,990103001,1,0,,
            990103001003L1,building,1栋,990103001003,1,0,990103001,
            """);
    assertThat(said(report))
        .containsExactly(
            "3 households x not-a-count",
            "4 lat 91 not-a-number-between",
            "4 code 990103001 twice",
            "5 parent_code 990199 no-such-territory",
            "6 level town not-one-of",
            "7 name  missing",
            "8 phone hello not-a-phone",
            "8 parent_code  no-parent",
            "9 parent_code 990103001 parent-level",
            "10 extra 990103001 no-such-grid");
    assertThat(report.problems())
        .allSatisfy(each -> {
          assertThat(each.sentence(Words.in("zh"))).endsWith("。");
          assertThat(each.sentence(Words.in("en"))).endsWith(".");
        });
    assertThat(report.changesNothing()).isTrue();
    assertThat(count(EMPTY, "SELECT count(*) FROM territory")).isEqualTo(1);
  }

  @Test
  void aDryRunOnlySaysWhatWouldChange() {
    ImportReport report =
        EMPTY
            .community
            .imports()
            .territory(new StringReader(House.STREETS), new Options(true, false));
    assertThat(report.added()).hasSize(11);
    assertThat(count(EMPTY, "SELECT count(*) FROM territory")).isEqualTo(1);
  }

  @Test
  void whatChangesIsRememberedAndWhatEndsIsKept() {
    House house = built();
    Imports imports = house.community.imports();
    Territories territories = house.community.territories();
    house.territory(House.STREETS);
    Territory building = house.at("990103001001L003");
    Territory village = house.at("990103011001");

    // The village becomes a community of another street; a building is not in the file any more.
    String later =
        House.STREETS
            .replace("晓翠村,990103011,village", "晓翠社区,990103001,converted")
            .replaceAll("990103001001L003.*\n", "");
    ImportReport kept = house.territory(later);
    assertThat(kept.changed()).containsExactly("990103011001");
    assertThat(kept.ended()).isEmpty();
    assertThat(house.at("990103001001L003")).isEqualTo(building);

    Territory moved = house.at("990103011001");
    assertThat(moved.id()).isEqualTo(village.id());
    assertThat(house.at("990103001").contains(moved)).isTrue();
    assertThat(house.community.desks().fallbackFor(moved).name()).isEqualTo("晓翠社区居委会");
    assertThat(
            house
                .db
                .one("SELECT name FROM territory_was WHERE territory_id = $1", village.id())
                .getString(0))
        .isEqualTo("晓翠村");

    ImportReport ended = imports.territory(new StringReader(later), new Options(false, true));
    assertThat(ended.ended()).containsExactly("990103001001L003");
    assertThat(territories.byCode("990103001001L003")).isEmpty();
    assertThat(territories.byCode("990103001001L003", LocalDate.of(2026, 11, 22))).isPresent();
    assertThat(territories.nameForResident(territories.byId(building.id()))).isEqualTo("和光小区3栋");
    assertThat(territories.findBuildings("和光小区3栋", null)).isEmpty();
  }

  @Test
  void staffFollowTheirRolesAndKeepWhatTheyWereGiven() {
    House house = built();
    Imports imports = house.community.imports();
    house.territory(House.STREETS);
    house.staff(House.STAFF);
    StaffMembers staff = house.community.staff();
    Desks desks = house.community.desks();
    Staff deputy = staff.byCode("U1").orElseThrow();
    assertThat(desks.of(deputy)).extracting(Desk::name).containsExactly("清月园社区居委会");
    assertThat(desks.of(staff.byCode("U2").orElseThrow()))
        .extracting(Desk::name)
        .containsExactly("清月园社区网格员");
    assertThat(desks.of(staff.byCode("U5").orElseThrow()))
        .extracting(Desk::name)
        .containsExactly("城市管理局");
    assertThat(staff.byCode("U6").orElseThrow().desks()).isEmpty();

    staff.join(deputy, desks.ofBodyNear("D29", house.at("990103001001")).orElseThrow());
    ImportReport report =
        house.staff(
            House.STAFF
                .replace("990103001001,清月园社区", "990103001002,安瑞社区")
                .replace("12000001421", "12000001422"));
    assertThat(report.changed()).containsExactly("U1", "U6");
    assertThat(desks.of(staff.byCode("U1").orElseThrow()))
        .extracting(Desk::name)
        .containsExactlyInAnyOrder("清月园社区人民调解委员会", "安瑞社区居委会");

    ImportReport left =
        imports.staff(
            new StringReader(House.STAFF.replaceAll("U6.*\n", "")), new Options(false, true));
    assertThat(left.ended()).containsExactly("U6");
    assertThat(staff.byCode("U6")).isEmpty();
  }

  @Test
  void wrongStaffAreNamed() {
    House house = built();
    house.territory(House.STREETS);
    assertThat(
            said(
                house.staff(
                    """
                    code,name,role,org_code,employment,phone
                    U1,任野悦,deputy,990103001001,full_time,12000000070
                    U1,韦鹿,grid_worker,990103001001009,full_time,120
                    U2,,mediator,990103001002,sometimes,
                    """)))
        .containsExactly(
            "2 role deputy not-one-of",
            "3 code U1 twice",
            "3 phone 120 not-a-phone",
            "3 org_code 990103001001009 no-such-territory",
            "4 name  missing",
            "4 employment sometimes not-one-of");
  }

  @Test
  void wrongBodiesAndHolidaysAreNamed() {
    ImportReport bodies =
        EMPTY
            .community
            .imports()
            .desks(
                new StringReader(
                    """
                    code,name_zh,level,kind,also_called,fallback_of_level
                    D70,物业服务人,community,partner,,
                    D71,新中心,district,desk,,Y
                    D72,新站,village,desk,社区居委会,
                    """),
                Options.PLAIN);
    assertThat(said(bodies))
        .containsExactly(
            "2 name 物业服务人 name-taken",
            "3 fallback Y two-fallbacks",
            "4 level village not-one-of",
            "4 also_called 社区居委会 name-taken");
    ImportReport holidays =
        EMPTY
            .community
            .imports()
            .holidays(
                new StringReader("date,kind,name_zh\n2027-1-1,off,元旦\n2027-01-02,rest,元旦\n"),
                Options.PLAIN);
    assertThat(said(holidays))
        .containsExactly("2 date 2027-1-1 not-a-day", "3 kind rest not-one-of");
  }

  private House built() {
    var house = new House(TODAY);
    built = house;
    return house;
  }

  private static long count(House house, String sql) {
    return house.db.one(sql).getLong(0);
  }

  private static List<String> said(ImportReport report) {
    return report.problems().stream().map(ImportsTest::said).toList();
  }

  private static String said(Problem each) {
    return each.line() + " " + each.column() + " " + each.value() + " " + each.key();
  }
}
