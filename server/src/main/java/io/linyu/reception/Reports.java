package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.Channels;
import io.linyu.channel.Inbound;
import io.linyu.channel.Ladder.Subscription;
import io.linyu.channel.Report;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import java.util.Optional;

/// Hears what a platform itself tells: who gave leave for notices, and how those ended.
final class Reports {
  private final Channels channels;
  private final Events events;
  private final SubscriptionStore subscriptions = new SubscriptionStore();
  private final NoticeStore notices = new NoticeStore();

  Reports(Channels channels, Events events) {
    this.channels = channels;
    this.events = events;
  }

  boolean isReport(Inbound inbound) {
    return !channels.of(inbound.from()).reports(inbound.content()).isEmpty();
  }

  void hear(Context context, Inbound inbound) {
    Channel channel = channels.of(inbound.from());
    Subscription wanted = channel.ladder(inbound.from().account()).subscription();
    long address = context.with().addressId;
    for (Report report : channel.reports(inbound.content())) {
      switch (report) {
        case Report.Leave(String template, boolean given) when given ->
            subscriptions.given(
                context.tx(),
                address,
                template,
                wanted != null && wanted.template().equals(template) && wanted.standing(),
                context.now());
        case Report.Leave leave -> subscriptions.takenBack(context.tx(), address, leave.template());
        case Report.Ended ended when ended.delivered() -> {}
        case Report.Ended ended -> failed(context, address, ended);
      }
    }
  }

  /// It may be told before our own sender has written down that it was accepted: then it is heard a
  /// moment later.
  private void failed(Context context, long address, Report.Ended ended) {
    // Asked first: what is written down after that is found.
    boolean underWay = notices.isUnderWay(context.tx(), address);
    Optional<Long> message =
        notices.failed(context.tx(), address, ended.platformId(), ended.reason(), context.now());
    if (message.isEmpty() && underWay) {
      throw new Db.Stale("a notice to address " + address + " is still under way");
    }
    message.ifPresent(id ->
        events.write(
            context.tx(),
            ReceptionEvent.VOCABULARY,
            address,
            new ReceptionEvent.SendingEnded(id, "failed")));
  }
}
