package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final AddressKey LI = new AddressKey("wechat", "main", "li");
  private static final AddressKey WANG = new AddressKey("wechat", "main", "wang");

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<List<String>> tried = new ArrayList<>();
  private final List<String> withdrawn = new ArrayList<>();
  private final Batches batches = new Batches(tasks::add, this::attempt);

  /// So that who starts to run alone does not leave one behind that a later one overtakes.
  @Test
  void whoLeavesABatchTakesAlongAllThatCameMeanwhile() {
    batches.add(turn(LI, "1"));
    while (!tasks.isEmpty()) {
      tasks.poll().run();
    }
    assertThat(withdrawn).containsExactly("2", "3");
    assertThat(tried).containsExactly(List.of("1"), List.of("beside"));
    assertThat(batches.isRunning()).isFalse();
  }

  private List<Turn> attempt(List<Turn> batch) {
    tried.add(ids(batch));
    if (batch.getFirst().from().equals(LI)) {
      batches.add(turn(LI, "2"));
      batches.add(turn(WANG, "beside"));
      batches.add(turn(LI, "3"));
      withdrawn.addAll(ids(batches.withdraw(LI)));
    }
    return List.of();
  }

  private static List<String> ids(List<Turn> turns) {
    return turns.stream().map(each -> each.inbound().externalId()).toList();
  }

  private static Turn turn(AddressKey from, String id) {
    var inbound = new Inbound(from, id, Instant.EPOCH, new Content.Text("在吗", null));
    return new Turn(inbound, new Open(), Promise.promise());
  }

  private record Open() implements Delivery {
    @Override
    public Instant arrivedAt() {
      return Instant.EPOCH;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public Future<Boolean> answered() {
      return Future.succeededFuture(true);
    }
  }
}
