package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Neighbourhood;
import io.linyu.Wire;
import io.linyu.World;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// After a failover connections may be open and silent for ever, while new ones work.
class SilentDatabaseTest {
  private static final Wire WIRE = new Wire(World.settings().databaseUrl());

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.withDatabase(WIRE.url());

  /// Before the server, which would wait for the last word of those that are silent.
  @AfterAll
  static void cut() throws IOException {
    WIRE.close();
  }

  @Test
  void aMessageIsAnsweredThoughAllConnectionsFellSilent() {
    Phone li = TOWN.follower("silent").says("在吗");
    int heard = li.heard().size();

    WIRE.fallSilent();
    li.says("在吗");
    assertThat(li.heard()).hasSize(heard + 1);

    WIRE.fallSilent();
    li.says("楼道灯坏了好几天").says("跳过").says("对");
    assertThat(li.hears()).contains("编号");
  }
}
