package io.linyu.simulator.wechat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/// Takes temporary media, with the platform's limits.
final class Uploads {
  private static final int LARGEST_IMAGE = 10 << 20;
  private static final int LARGEST_VOICE = 2 << 20;
  private static final int AMR_SECOND = 50;
  private static final int LONGEST_VOICE_SECONDS = 60;

  private Uploads() {}

  static Api.Answer take(Api.Call call, Shelf shelf) {
    String type = String.valueOf(call.query().get("type"));
    if (!Set.of("image", "voice", "video", "thumb").contains(type)) {
      throw new PlatformError(40004, "invalid media type");
    }
    Buffer file = file(call.body());
    String kind = kind(file);
    if (!kind.startsWith(type.equals("image") ? "image/" : "audio/")) {
      throw new PlatformError(40005, "invalid file type");
    }
    if (file.length() > (type.equals("image") ? LARGEST_IMAGE : LARGEST_VOICE)) {
      throw new PlatformError(45001, "media size out of limit");
    }
    if (kind.equals("audio/amr") && amrFrames(file) > LONGEST_VOICE_SECONDS * AMR_SECOND) {
      throw new PlatformError(45007, "playtime out of limit");
    }
    return new Api.Answer.Json(
        new JsonObject()
            .put("type", type)
            .put("media_id", shelf.put(kind, file))
            .put("created_at", 1));
  }

  /// The part called `media`.
  private static Buffer file(Buffer body) {
    String text = body.toString(ISO_8859_1);
    int head = text.indexOf("name=\"media\"");
    int begin = text.indexOf("\r\n\r\n", Math.max(0, head));
    int end = text.lastIndexOf("\r\n--");
    if (head < 0
        || begin < 0
        || end < begin
        || !text.substring(head, begin).contains("filename=")) {
      throw new PlatformError(41005, "media data missing");
    }
    return body.getBuffer(begin + 4, end);
  }

  private static String kind(Buffer file) {
    String head = file.getString(0, Math.min(6, file.length()), "ISO-8859-1");
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    } else if (head.startsWith("\u0089PNG")) {
      return "image/png";
    } else if (head.startsWith("#!AMR\n")) {
      return "audio/amr";
    } else if (head.startsWith("ID3")
        || (file.getByte(0) == -1 && (file.getByte(1) & 0xe0) == 0xe0)) {
      return "audio/mpeg";
    }
    return "other";
  }

  /// Frames of the widest mode, which phones record in, have 32 bytes.
  private static int amrFrames(Buffer file) {
    return (file.length() - 6) / 32;
  }
}
