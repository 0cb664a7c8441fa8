package io.linyu;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The walls between the rooms. A new room gets a line in `MAY_KNOW`; a new wish of an old room is
/// a question to be asked before it is a line.
class ArchitectureTest {
  private static final String ROOT = "io.linyu";

  /// The wiring: `App` and what stands beside it. Everybody may read `Settings`, nobody the rest.
  private static final String HALL = "(hall)";

  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("platform", Set.of()),
          Map.entry("channel", Set.of("platform")),
          Map.entry("channel.wechat", Set.of("channel", "platform")),
          Map.entry("bot", Set.of("channel", "platform.text")),
          Map.entry("community", Set.of("platform", "channel")),
          Map.entry("casework", Set.of("community", "platform")),
          Map.entry("reception", Set.of("channel", "bot", "community", "casework", "platform")),
          Map.entry("board", Set.of("casework", "community", "platform")),
          Map.entry("insight", Set.of("casework", "community", "platform")),
          Map.entry("console", Set.of("community", "casework", "platform")),
          Map.entry("simulator", Set.of("platform")),
          Map.entry(
              "demo",
              Set.of(
                  "simulator", "reception", "channel", "bot", "casework", "community", "platform")),
          Map.entry(
              HALL,
              Set.of(
                  "cli",
                  "console",
                  "board",
                  "insight",
                  "reception",
                  "casework",
                  "community",
                  "bot",
                  "channel",
                  "channel.wechat",
                  "platform")),
          Map.entry(
              "cli",
              Set.of(
                  HALL,
                  "demo",
                  "simulator",
                  "reception",
                  "casework",
                  "community",
                  "bot",
                  "channel",
                  "channel.wechat",
                  "platform")));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // Generated from the templates, which may show any room's view.
          .withImportOption(location -> !location.contains("/io/linyu/templates/"))
          .importPackages(ROOT);

  @Test
  void roomsKnowOnlyWhomTheyMay() {
    var trespasses = new TreeSet<String>();
    for (JavaClass one : OURS) {
      String room = room(one);
      Set<String> known = MAY_KNOW.get(room);
      assertThat(known).as("room of " + one.getName()).isNotNull();
      one.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(other -> other.getPackageName().startsWith(ROOT) && !isOpenToAll(other))
          .filter(other ->
              !room(other).equals(room)
                  && !known.contains(room(other))
                  && !known.contains(within(other)))
          .forEach(other -> trespasses.add(one.getName() + " knows " + other.getName()));
    }
    assertThat(trespasses).isEmpty();
  }

  @Test
  void roomsFormNoCycle() {
    slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(resideInAnyPackage(ROOT), alwaysTrue())
        .check(OURS);
    slices().matching(ROOT + ".platform.(*)..").should().beFreeOfCycles().check(OURS);
    slices()
        .matching(ROOT + ".channel.(*)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void communityKnowsOfChannelsNothingButTheAddress() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".community..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(ROOT + ".channel..").and(not(simpleNameEndingWith("AddressKey"))))
        .check(OURS);
  }

  @Test
  void sqlIsSpokenInStoresOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".platform.db..")
        .and(not(isInStore()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..")
        .check(OURS);
    classes().that(isInStore()).and().areTopLevelClasses().should().notBePublic().check(OURS);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".platform.db..", ROOT + ".platform.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.flywaydb..")
        .check(OURS);
  }

  @Test
  void wireShapesStayInTheFolderOfTheirChannel() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".channel.wechat..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("me.chanjar..", "com.fasterxml.aalto..", "org.codehaus.stax2..")
        .check(OURS);
  }

  @Test
  void theBotTouchesNeitherDatabaseNorNetworkNorClock() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".bot..")
        .and()
        // What stands between the bot and a terminal.
        .doNotHaveSimpleName("BotConsole")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.lettuce..", "java.net..", "java.sql..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(OURS);
  }

  @Test
  void onlyTheSettingsLoaderReadsTheEnvironment() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".cli.Environment")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(OURS);
  }

  @Test
  void timeIsAnArgument() {
    var rule = noClasses().that().resideOutsideOfPackage(ROOT + ".cli..").should();
    var forbidden = rule.callMethod(System.class, "currentTimeMillis");
    for (Class<?> type :
        Set.of(
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class)) {
      forbidden = forbidden.orShould().callMethod(type, "now");
    }
    forbidden
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .check(OURS);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .that()
        .areTopLevelClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Service)(\\$.*)?")
        .check(OURS);
  }

  private static boolean isOpenToAll(JavaClass other) {
    return other.getName().matches("io\\.linyu\\.Settings(\\$.*)?");
  }

  /// A corner of a room that may be known by itself, such as `platform.text`.
  private static String within(JavaClass one) {
    String inside = one.getPackageName().substring(ROOT.length());
    return inside.isEmpty() ? HALL : inside.substring(1);
  }

  /// `channel.wechat` is a room of its own inside `channel`; all others are named by one word.
  private static String room(JavaClass one) {
    String inside = one.getPackageName().substring(ROOT.length());
    if (inside.isEmpty()) {
      return HALL;
    }
    String[] words = inside.substring(1).split("\\.", -1);
    return words[0].equals("channel") && words.length > 1 ? "channel." + words[1] : words[0];
  }

  private static DescribedPredicate<JavaClass> isInStore() {
    return DescribedPredicate.describe(
        "are stores", one -> one.getName().matches(".*Store(\\$.*)?"));
  }
}
