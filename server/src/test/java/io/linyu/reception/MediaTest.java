package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Samples;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What residents send besides words and photos.
class MediaTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void aVideoIsKeptWithTheMatterLikeAPhoto() {
    Phone li = TOWN.follower("film").scan("bld:" + COUNTER.place("88001001B3").code());
    Buffer film =
        Buffer.buffer(new byte[] {0, 0, 0, 24}).appendString("ftypmp42").appendBytes(new byte[90]);
    assertThat(li.video(film).hears()).contains("这是什么事");
    li.says("三栋水管爆了").says("对");
    TOWN.until(
        "it was fetched",
        () -> TOWN.sql("SELECT state FROM attachment WHERE kind = 'video'").contains("fetched"));
    assertThat(
            TOWN.sqlOne(
                "SELECT b.type || ' ' || b.bytes FROM attachment t JOIN blob b USING (digest) WHERE t.kind = 'video'"))
        .isEqualTo("video/mp4 " + film.length());
    assertThat(
            TOWN.sqlOne(
                """
                SELECT count(*) FROM "case" c JOIN message m ON m.id = ANY(c.message_ids)
                 WHERE c.what LIKE '%水管爆%' AND m.content ->> 'kind' = 'video'
                """))
        .isEqualTo("1");
  }

  @Test
  void whatCannotBeShownOrHeardIsAnsweredWithWhatWouldBeTaken() {
    Phone chen = TOWN.follower("no-film");
    chen.video(Samples.pdf());
    chen.awaitHeard("视频太大或者打不开，最多 20 MB");
    chen.voice(Samples.amr(600));
    chen.awaitHeard("语音太长了，一次最多五分钟");
    chen.image(Samples.pdf());
    chen.awaitHeard("照片打不开");
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM attachment WHERE address_id = (SELECT id FROM address WHERE external_id = '%s') AND digest IS NOT NULL"
                    .formatted(chen.openid())))
        .isEqualTo("0");
    assertThat(chen.link("停水通知", "https://example.org/notice").hears())
        .contains("我打不开")
        .contains("拍照片");
  }

  /// Whatever stands between us and the platform, or comes from it instead of the photo.
  @Test
  void aPhotoOrAVoiceInsteadOfWhichNonsenseCameIsFetchedAgain() {
    Phone wu = TOWN.follower("nonsense");
    for (Fault fault :
        List.of(
            Fault.EMPTY_ANSWER,
            Fault.STRANGE_PAGE,
            Fault.ANSWER_OF_ANOTHER_TYPE,
            Fault.ANSWER_WITHOUT_CODE)) {
      for (String kind : List.of("image", "voice")) {
        TOWN.wechat.faults().next("/cgi-bin/media/get", fault);
        if (kind.equals("image")) {
          wu.image(Samples.picture(8, 8, "JPEG"));
        } else {
          wu.voice(Samples.amr(2));
        }
        String last =
            "FROM attachment WHERE address_id = (SELECT id FROM address WHERE external_id = '%s') ORDER BY id DESC LIMIT 1"
                .formatted(wu.openid());
        TOWN.until(
            fault + " was seen to be no " + kind,
            () ->
                TOWN.sqlOne("SELECT coalesce(reason, '') " + last).contains("not the platform's"));
        TOWN.clock.pass(Duration.ofSeconds(10));
        TOWN.until(
            "then it came after " + fault,
            () -> TOWN.sqlOne("SELECT state " + last).equals("fetched"));
      }
    }
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM outbound WHERE message_key LIKE 'media-failed:%' AND address_id = (SELECT id FROM address WHERE external_id = '"
                    + wu.openid()
                    + "')"))
        .isEqualTo("0");
  }
}
