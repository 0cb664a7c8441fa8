package io.linyu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The platform counts names in bytes.
class MenusTest {
  @ParameterizedTest
  @CsvSource({"abcdefghijklmnop", "一二三四五", "一二三四五a"})
  void sixteenBytesFitAbove(String name) {
    assertThatCode(() -> Menus.check(menu(name, "甲"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"abcdefghijklmnopq", "一二三四五六", "一二三四五六七八"})
  void moreDoNot(String name) {
    assertThat(catchThrowableOfType(PlatformError.class, () -> Menus.check(menu(name, "甲"))))
        .hasMessageContaining("invalid button name size");
  }

  @Test
  void sixtyFitBelow() {
    assertThatCode(() -> Menus.check(menu("甲", "二".repeat(20)))).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                PlatformError.class, () -> Menus.check(menu("甲", "二".repeat(20) + "a"))))
        .isNotNull();
  }

  /// The same fault has another code below than above.
  @ParameterizedTest
  @CsvSource({
    "40017, 40024, nothing, k, https://x.example",
    "40019, 40026, click, '', https://x.example",
    "40055, 40054, view, k, x.example",
    "40020, 40027, view, k, LONG"
  })
  void whatAButtonDoesIsLookedAt(int above, int below, String type, String key, String url) {
    var button = new JsonObject().put("type", type).put("name", "甲").put("key", key);
    button.put("url", url.equals("LONG") ? "https://x.example/" + "a".repeat(1_007) : url);
    assertThat(refused(button)).isEqualTo(above);
    var under = new JsonObject().put("name", "乙").put("sub_button", new JsonArray().add(button));
    assertThat(refused(under)).isEqualTo(below);
    var deep = new JsonObject().put("name", "丙").put("sub_button", new JsonArray().add(under));
    assertThat(refused(deep)).as("three levels").isEqualTo(40022);
  }

  private static int refused(JsonObject button) {
    var menu = new JsonObject().put("button", new JsonArray().add(button));
    return catchThrowableOfType(PlatformError.class, () -> Menus.check(menu)).code();
  }

  private static JsonObject menu(String above, String below) {
    var one = new JsonObject().put("type", "click").put("name", below).put("key", "report");
    var top = new JsonObject().put("name", above).put("sub_button", new JsonArray().add(one));
    return new JsonObject().put("button", new JsonArray().add(top));
  }
}
