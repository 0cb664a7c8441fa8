package io.linyu.channel;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What somebody said or did. What we send ourselves is kept as the same, with no media id of the
/// platform.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Content.Text.class, name = "text"),
  @JsonSubTypes.Type(value = Content.Image.class, name = "image"),
  @JsonSubTypes.Type(value = Content.Voice.class, name = "voice"),
  @JsonSubTypes.Type(value = Content.Video.class, name = "video"),
  @JsonSubTypes.Type(value = Content.File.class, name = "file"),
  @JsonSubTypes.Type(value = Content.Location.class, name = "location"),
  @JsonSubTypes.Type(value = Content.Followed.class, name = "followed"),
  @JsonSubTypes.Type(value = Content.Unfollowed.class, name = "unfollowed"),
  @JsonSubTypes.Type(value = Content.Scanned.class, name = "scanned"),
  @JsonSubTypes.Type(value = Content.MenuTapped.class, name = "menu_tapped"),
  @JsonSubTypes.Type(value = Content.Other.class, name = "other")
})
public sealed interface Content {
  /// @param choice the id of the tapped item when it answers a message with a menu
  record Text(String text, @Nullable String choice) implements Content {}

  /// @param mediaId fetches the picture, for as long as the platform keeps it
  record Image(String mediaId, @Nullable String url) implements Content {}

  /// @param format the platform's name of the sound format: `amr`, `speex` …
  /// @param recognition what the platform's speech recognition understood, when it is switched on
  record Voice(String mediaId, String format, @Nullable String recognition) implements Content {}

  /// @param mediaId fetches the film
  record Video(String mediaId) implements Content {}

  /// A document.
  ///
  /// @param mediaId fetches it; empty where the platform only says that there is one
  record File(String mediaId, String name) implements Content {}

  /// @param latitude in degrees, in the platform's own datum (WeChat: GCJ-02)
  record Location(double latitude, double longitude, String label) implements Content {}

  /// @param scene what the scanned code says, when the person followed by scanning one
  record Followed(@Nullable String scene) implements Content {}

  record Unfollowed() implements Content {}

  record Scanned(String scene) implements Content {}

  record MenuTapped(String key) implements Content {}

  /// Anything else: kept, acknowledged and counted.
  ///
  /// @param name the platform's own word for it
  record Other(String name, Map<String, String> fields) implements Content {}
}
