package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Photo.Spot;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Sandboxed;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a device sends that was without a network, and pictures. Each thing comes whole, in one
/// request and under a key of its own, and again until the device has heard an answer.
public final class OutdoorRoutes implements Routes {
  /// A picture as a device sends it.
  ///
  /// @param picture in base64
  /// @param taken when, by its clock
  record Picture(String picture, Instant taken, @Nullable Spot spot) {}

  /// @param kind `note`, or `answer` to the resident
  /// @param version of the case as it was seen; asked for with an answer
  /// @param along codes of what was uploaded to go with an answer
  record Thing(
      String key,
      String kind,
      @Nullable Integer version,
      @Nullable String text,
      @Nullable List<Picture> photos,
      @Nullable List<String> along) {}

  private final Cases cases;
  private final Handling handling;
  private final Drafts drafts;
  private final Photos photos;
  private final RateLimit often;

  OutdoorRoutes(Casework casework, Redis redis) {
    this.cases = casework.cases();
    this.handling = casework.handling();
    this.drafts = casework.drafts();
    this.photos = casework.photos();
    this.often =
        new RateLimit(redis.commands(), redis.prefix() + "things:", 120, Duration.ofMinutes(10));
  }

  @Override
  public void mount(Router router) {
    router.post("/console/cases/:code/things").handler(sequential(this::take));
    router.get("/console/cases/:code/photos/:photo").handler(sequential(this::photo));
  }

  private void take(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    often.takeOrRefuse(Long.toString(staff.id()));
    Thing thing = thing(rc);
    Drafts.Kind kind =
        Drafts.Kind.of(thing.kind()).orElseThrow(() -> new Refusal("form-outdated", 422));
    var sending = new Sending(thing.key());
    CaseId id = cases.named(staff, requireNonNull(rc.pathParam("code")), sending);
    switch (kind) {
      case ANSWER -> {
        Integer version = thing.version();
        if (version == null) {
          throw new Refusal("form-outdated", 422);
        }
        var _ =
            handling.answer(
                staff,
                id,
                version,
                sending,
                text(thing, ""),
                thing.along() == null ? List.of() : thing.along());
      }
      case NOTE -> {
        List<Photos.Taken> taken = taken(thing);
        String alone = taken.isEmpty() ? "" : Frame.of(rc).words().of("photo.alone");
        var _ = handling.note(staff, id, sending, text(thing, alone), taken);
      }
    }
    drafts.sent(staff, id, kind);
    rc.response().putHeader("Cache-Control", "no-store").setStatusCode(204).end();
  }

  private static Thing thing(RoutingContext rc) {
    Buffer body = rc.body().buffer();
    try {
      return Json.read(body == null ? "" : body.toString(), Thing.class);
    } catch (RuntimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String text(Thing thing, String otherwise) {
    String text = thing.text();
    return text == null || text.isBlank() ? otherwise : text;
  }

  private static List<Photos.Taken> taken(Thing thing) {
    List<Picture> pictures = thing.photos();
    return pictures == null
        ? List.of()
        : pictures.stream()
            .map(each -> new Photos.Taken(bytes(each), each.taken(), sound(each)))
            .toList();
  }

  private static Buffer bytes(Picture picture) {
    try {
      return Buffer.buffer(Base64.getDecoder().decode(picture.picture()));
    } catch (IllegalArgumentException unreadable) {
      throw new Refusal("photo-unreadable", 422);
    }
  }

  private static @Nullable Spot sound(Picture picture) {
    Spot spot = picture.spot();
    if (spot != null && !spot.isSound()) {
      throw new Refusal("form-outdated", 422);
    }
    return spot;
  }

  private void photo(RoutingContext rc) {
    Blob blob =
        photos.picture(
            Staff.signedIn(rc),
            requireNonNull(rc.pathParam("code")),
            requireNonNull(rc.pathParam("photo")));
    Sandboxed.show(rc, blob);
  }
}
