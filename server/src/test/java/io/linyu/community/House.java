package io.linyu.community;

import io.linyu.Settings;
import io.linyu.World;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Csv;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Objects;
import java.util.function.BiFunction;

/// The room on a database of its own, without a server around it.
final class House implements AutoCloseable {
  static final String STREETS =
      """
      code,level,name,parent_code,type,households,extra,estate,phone,duty_phone
      990103,district,澜湖区,,district,10,,,12090000000,12091000000
      990103001,street,望澜街道,990103,urban,10,,,12090001000,
      990103001001,community,清月园社区,990103001,urban,10,,,12090001001,12091001001
      990103001001001,grid,清月园第1网格,990103001001,grid,5,,,,
      990103001001Z01,group,第1居民小组,990103001001,group,5,990103001001001,和光小区,,
      990103001001L001,building,1栋,990103001001Z01,building,2,990103001001001,和光小区,,
      990103001001L003,building,3栋,990103001001Z01,building,2,990103001001001,和光小区,,
      990103001002,community,安瑞社区,990103001,urban,10,,,,
      990103001002Z01,group,第1居民小组,990103001002,group,5,,,,
      990103001002L003,building,3栋,990103001002Z01,building,2,,,,
      990103011,street,石渡街道,990103,rural,10,,,,
      990103011001,community,晓翠村,990103011,village,10,,,,
      """;
  static final String STAFF =
      """
      user_code,name_synthetic,role,role_zh,org_code,org_name,employment,phone_synthetic,age,note
      U1,任野悦,community_deputy,社区居委会副主任,990103001001,清月园社区,full_time,12000000070,50,
      U2,韦鹿,grid_worker,网格管理员,990103001001001,清月园第1网格,full_time,12000001408,26,
      U3,蒋榕沅,mediator,社区调解员,990103001002,安瑞社区,full_time,,31,
      U4,韦屏青,street_dispatcher,街道分中心派遣员,990103001,望澜街道,full_time,12000000023,24,
      U5,水青朗,department_handler,职能部门经办,990103,城市管理局,full_time,12000000010,55,
      U6,秦禾辰,building_head,楼栋长,990103001001L003,3栋,part_time,12000001421,49,
      U7,秦可言,district_inspector,区级巡查员,990103,澜湖区,full_time,12000000001,54,
      """;

  final Vertx vertx = Vertx.vertx();
  final Settings settings;
  final Db db;
  final Community community;

  House(Clock clock) {
    settings = World.settings();
    db = Db.connect(vertx, settings.databaseUrl(), 8);
    community = another(clock);
  }

  /// The same room on another node.
  Community another(Clock clock) {
    return Community.open(
        db, new Vault(settings.secretsKey()), OpeningHours.ALWAYS, clock, settings.zone());
  }

  /// With the small district above.
  static House furnished(Clock clock) {
    var house = new House(clock);
    house.territory(STREETS);
    house.staff(STAFF);
    return house;
  }

  ImportReport territory(String file) {
    return community.imports().territory(new StringReader(file), Imports.Options.PLAIN);
  }

  ImportReport staff(String file) {
    return community.imports().staff(new StringReader(file), Imports.Options.PLAIN);
  }

  Territory at(String code) {
    return community.territories().byCode(code).orElseThrow();
  }

  static ImportReport shipped(
      String resource, BiFunction<Reader, Imports.Options, ImportReport> how) {
    try (var file = Objects.requireNonNull(House.class.getResourceAsStream(resource), resource)) {
      return how.apply(Csv.reader(file), Imports.Options.PLAIN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    db.close();
    vertx.close().await();
  }
}
