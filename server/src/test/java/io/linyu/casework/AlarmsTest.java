package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.linyu.casework.Alarms.Alarm;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();
  private static volatile int answer = 200;
  private static final HttpServer GATEWAY = gateway();

  @AutoClose
  private static final Bureau BUREAU =
      new Bureau("http://localhost:" + GATEWAY.getAddress().getPort() + "/ring");

  private static final Alarms ALARMS = BUREAU.alarms;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff GRID = BUREAU.staff("格", "grid_worker", "C1G1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @AfterAll
  static void hangUp() {
    GATEWAY.stop(0);
  }

  @Test
  void ringsUntilANamedPersonHasIt() {
    long id = ring("家头有股煤气味", "gas");
    assertThat(ALARMS.openFor(REN))
        .extracting(Alarm::id, Alarm::rings)
        .containsExactly(of(id, true));
    assertThat(ALARMS.openFor(WEI))
        .extracting(Alarm::id, Alarm::rings)
        .containsExactly(of(id, false));
    assertThat(ALARMS.openFor(GRID)).as("the building is in the cell").hasSize(1);
    assertThat(ALARMS.openFor(QIU)).isEmpty();
    assertThat(ALARMS.climbDue()).as("nobody's time is over yet").isFalse();

    for (int step = 1; step <= 3; step++) {
      BUREAU.clock.pass(Duration.ofMinutes(3));
      assertThat(ALARMS.climbDue()).isTrue();
      assertThat(ALARMS.climbDue()).isFalse();
      assertThat(ALARMS.openFor(WEI).getFirst().rings()).isTrue();
      assertThat(ALARMS.openFor(ZHANG).getFirst().rings()).isEqualTo(step >= 2);
    }
    assertThat(ALARMS.openFor(ZHANG).getFirst().step()).isEqualTo(2);

    assertThatThrownBy(() -> ALARMS.acknowledge(QIU, id)).hasMessage("not-found");
    Alarm had = ALARMS.acknowledge(WEI, id);
    assertThat(had.acknowledgedBy()).isEqualTo("韦");
    assertThatThrownBy(() -> ALARMS.acknowledge(REN, id))
        .isInstanceOfSatisfying(
            Refusal.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("alarm-acknowledged");
              assertThat(refused.arguments()).containsExactly("韦");
            });
    assertThat(ALARMS.openFor(REN)).isEmpty();
    BUREAU.clock.pass(Duration.ofHours(1));
    assertThat(ALARMS.climbDue()).isFalse();
    assertThat(BUREAU.events.of(BUREAU.db, AlarmEvent.VOCABULARY, id))
        .extracting(told -> told.event().getClass().getSimpleName())
        .containsExactly("Rung", "Climbed", "Climbed", "Climbed", "Acknowledged");
    Case matter = BUREAU.cases.visibleTo(REN, had.caseId());
    assertThat(matter.state()).isEqualTo(CaseState.HANDED_OFF);
    callAll();
  }

  @Test
  void callsTheGatewayUntilItAnswersAndSaysNothingOfWhatWasSaid() {
    callAll();
    CALLS.clear();
    answer = 500;
    long id = ring("着火了", "fire");
    assertThat(ALARMS.callDue()).isTrue();
    assertThat(ALARMS.callDue()).as("it waits before it tries again").isFalse();
    answer = 200;
    BUREAU.clock.pass(Duration.ofSeconds(10));
    assertThat(ALARMS.callDue()).isTrue();
    assertThat(ALARMS.callDue()).isFalse();
    assertThat(CALLS).hasSize(2).allSatisfy(call -> assertThat(call).doesNotContain("着火"));
    assertThat(CALLS.getFirst()).as("known by the same id").isEqualTo(CALLS.getLast());
    var told = Json.read(CALLS.getLast(), AlarmGateway.Ring.class);
    assertThat(told.alarm()).isEqualTo(id);
    assertThat(told.territory()).isEqualTo("清泉社区3栋");
    assertThat(told.dutyPhone()).isEqualTo("12000000999");
    assertThat(told.level()).isEqualTo("community");
    assertThat(told.link()).startsWith("https://linyu.example/console/cases/");

    ALARMS.acknowledge(REN, id);
    BUREAU.clock.pass(Duration.ofHours(1));
    assertThat(ALARMS.callDue()).as("somebody has it").isFalse();
  }

  @Test
  void ringsInTheDistrictAtOnceWhereThePlaceIsUnknown() {
    long id =
        BUREAU.db.<Long>inTransaction(tx -> {
          NewCase draft = BUREAU.told("救命", null, "D", false, false);
          Opened opened = BUREAU.handOff(tx, draft, "crime");
          return ALARMS.ring(
              tx, opened.id(), null, draft.territoryId(), "crime", BUREAU.clock.instant());
        });
    assertThat(ALARMS.openFor(ZHANG)).filteredOn(Alarm::rings).extracting(Alarm::id).contains(id);
    assertThat(ALARMS.openFor(REN)).extracting(Alarm::id).doesNotContain(id);
    assertThat(ALARMS.openFor(GRID)).isEmpty();
    ALARMS.acknowledge(ZHANG, id);
  }

  @Test
  void knowsTheHoursInWhichNobodyIsReached() {
    assertThat(ALARMS.silentHours()).as("the district has no duty telephone").isNotEmpty();
    BUREAU.db.execute("UPDATE staff SET password_hash = 'x' WHERE name = '任'");
    assertThat(ALARMS.silentHours())
        .contains(new Alarms.Silent(DayOfWeek.SUNDAY, 10), new Alarms.Silent(DayOfWeek.MONDAY, 12))
        .doesNotContain(new Alarms.Silent(DayOfWeek.MONDAY, 10));
    BUREAU.territory(
        """
        code,level,name,parent_code,duty_phone
        D,district,云溪区,,12000000990
        """);
    assertThat(ALARMS.silentHours()).isEmpty();
  }

  private static long ring(String what, String kind) {
    return BUREAU.db.<Long>inTransaction(tx -> {
      NewCase draft = BUREAU.told(what, null);
      Opened opened = BUREAU.handOff(tx, draft, kind);
      return ALARMS.ring(tx, opened.id(), null, draft.territoryId(), kind, BUREAU.clock.instant());
    });
  }

  private static org.assertj.core.groups.Tuple of(long id, boolean rings) {
    return org.assertj.core.api.Assertions.tuple(id, rings);
  }

  private static void callAll() {
    while (ALARMS.callDue()) {
      assertThat(CALLS).hasSizeLessThan(100);
    }
  }

  private static HttpServer gateway() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/ring",
          exchange -> {
            CALLS.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
