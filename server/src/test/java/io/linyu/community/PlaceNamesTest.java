package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceNamesTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
  private static final List<Territory> NODES = new ArrayList<>();

  private static final Territory DISTRICT = node(null, Level.DISTRICT, "澜湖区", null);
  private static final Territory WANGLAN = node(DISTRICT, Level.STREET, "望澜街道", null);
  private static final Territory QINGYUE = node(WANGLAN, Level.COMMUNITY, "清月园社区", null);
  private static final Territory ANRUI = node(WANGLAN, Level.COMMUNITY, "安瑞社区", null);
  private static final Territory VILLAGE = node(DISTRICT, Level.COMMUNITY, "晓翠村", null);

  static {
    Territory first = node(QINGYUE, Level.GROUP, "第1居民小组", "和光小区");
    node(first, Level.BUILDING, "1栋", "和光小区");
    node(first, Level.BUILDING, "3栋", "和光小区");
    Territory second = node(QINGYUE, Level.GROUP, "第2居民小组", "桂影苑");
    node(second, Level.BUILDING, "12栋", "桂影苑");
    node(second, Level.BUILDING, "A座", "桂影苑");
    node(second, Level.BUILDING, "东风楼", "桂影苑");
    Territory third = node(ANRUI, Level.GROUP, "第1居民小组", null);
    node(third, Level.BUILDING, "3栋", null);
    node(third, Level.BUILDING, "103栋", null);
    node(node(VILLAGE, Level.GROUP, "第1村民小组", null), Level.BUILDING, "3号十户片", null);
  }

  private static final Tree TREE = new Tree(NODES);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // what is said | where the resident is | the buildings meant
        "3栋楼道灯坏了 | 清月园社区 | 清月园社区3栋",
        "三栋楼道灯坏了 | 清月园社区 | 清月园社区3栋",
        "３号楼 没水 | 清月园社区 | 清月园社区3栋",
        "三号楼二单元501漏水 | 清月园社区 | 清月园社区3栋",
        "我住第3幢 | 清月园社区 | 清月园社区3栋",
        "3#楼 | 清月园社区 | 清月园社区3栋",
        "3-2-501漏水 | 清月园社区 | 清月园社区3栋",
        "Building 3 has no light | 清月园社区 | 清月园社区3栋",
        "a座电梯 | 清月园社区 | 清月园社区A座",
        "十二栋 | 清月园社区 | 清月园社区12栋",
        "一百零三栋 | 安瑞社区 | 安瑞社区103栋",
        "一零三栋 | 安瑞社区 | 安瑞社区103栋",
        "1、3栋都停水 | 清月园社区 | 清月园社区1栋 清月园社区3栋",
        "1栋和3栋中间 | 清月园社区 | 清月园社区1栋 清月园社区3栋",
        "3 | 清月园社区 | 清月园社区3栋",
        "三 | 清月园社区 | 清月园社区3栋",
        "3 | 澜湖区 | -",
        "三楼 灯坏了 | 清月园社区 | -",
        "两栋楼 | 清月园社区 | -",
        "那一栋 | 清月园社区 | -",
        "电话12000000069 | 清月园社区 | -",
        "2026-11-23停水 | 清月园社区 | -",
        "东风楼门口 | 清月园社区 | 清月园社区东风楼",
        "和光小区3栋 | 澜湖区 | 清月园社区3栋",
        "清月园3栋 | 澜湖区 | 清月园社区3栋",
        "清月园3栋 | 安瑞社区 | 清月园社区3栋",
        "安瑞3栋 | 清月园社区 | 安瑞社区3栋",
        "望澜街道安瑞社区3栋 | 清月园社区 | 安瑞社区3栋",
        "清月园社区和光小区三号楼 | 安瑞社区 | 清月园社区3栋",
        "和光小区12栋 | 清月园社区 | -",
        "和光小区99栋 | 清月园社区 | -",
        "晓翠村三号片 | 清月园社区 | 晓翠村3号十户片",
        "3栋 | 澜湖区 | 清月园社区3栋 安瑞社区3栋 晓翠村3号十户片",
        "望澜街道3栋 | 安瑞社区 | 安瑞社区3栋 清月园社区3栋",
      })
  void knowsWhichBuildingIsMeant(String said, String within, @Nullable String meant) {
    assertThat(names(TREE.names().buildings(said, area(within), TODAY))).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "和光小区门口的路灯 | 第1居民小组",
        "清月园的健身器材 | 清月园社区",
        "安瑞社区垃圾没人收 | 安瑞社区",
        "望澜街道安瑞社区 | 安瑞社区",
        "清月园社区和安瑞社区都停电 | 清月园社区 安瑞社区",
        "这里安瑞祥和 | -",
        "随便问问 | -",
      })
  void knowsWhichAreaIsNamed(String said, @Nullable String meant) {
    List<Territory> found = TREE.names().areas(said, DISTRICT, TODAY);
    String names = String.join(" ", found.stream().map(Territory::name).toList());
    assertThat(names.isEmpty() ? null : names).isEqualTo(meant);
  }

  @Test
  void aBuildingThatIsGoneIsNotMeant() {
    assertThat(TREE.names().buildings("和光小区3栋", DISTRICT, LocalDate.of(1999, 1, 1))).isEmpty();
  }

  /// Each against each would be two thousand million, which no patience lasts for.
  @Test
  @Timeout(60)
  void ofFiftyThousandNodesNotEachIsLookedAtForEach() {
    var many = new ArrayList<>(List.of(DISTRICT));
    for (int c = 0; c < 1_000; c++) {
      Territory community = node(many, DISTRICT, Level.COMMUNITY, "第" + c + "号湾社区", null);
      for (int b = 1; b <= 49; b++) {
        node(many, community, Level.BUILDING, b + "栋", "苑" + c + "之" + (b % 3));
      }
    }
    var tree = new Tree(many);
    for (int i = 0; i < 100; i++) {
      assertThat(tree.names().buildings("第500号湾社区苑500之0的3栋", DISTRICT, TODAY)).hasSize(1);
    }
  }

  private static @Nullable String names(List<Territory> found) {
    return found.isEmpty()
        ? null
        : String.join(
            " ",
            found.stream()
                .map(
                    each -> TREE.ancestor(each, Level.COMMUNITY).orElseThrow().name() + each.name())
                .toList());
  }

  private static Territory area(String name) {
    return NODES.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private static Territory node(
      @Nullable Territory parent, Level level, String name, @Nullable String estate) {
    return node(NODES, parent, level, name, estate);
  }

  private static Territory node(
      List<Territory> nodes,
      @Nullable Territory parent,
      Level level,
      String name,
      @Nullable String estate) {
    long id = nodes.size() + 1L;
    var node =
        new Territory(
            id,
            "N%05d".formatted(id),
            level,
            null,
            name,
            estate,
            parent == null ? null : parent.id(),
            null,
            (parent == null ? "/" : parent.path()) + id + "/",
            null,
            null,
            null,
            null,
            LocalDate.of(2000, 1, 1),
            null);
    nodes.add(node);
    return node;
  }
}
