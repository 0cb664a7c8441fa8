package io.linyu.demo;

import java.util.List;
import java.util.stream.IntStream;

/// The small named world: who lives and works there. All of it is invented; places and staff are
/// those of the shipped data.
public final class Town {
  /// The district, the two streets and the four communities that are known in depth.
  public static final String DISTRICT = "990103";

  public static final String WANGLAN = "990103001";
  public static final String LIUXIQIAO = "990103002";
  public static final String QINGYUEYUAN = "990103001001";
  public static final String ANRUI = "990103001002";
  public static final String NINGQING = "990103002001";
  public static final String CUILANAN = "990103002002";

  /// Everybody's in the demo, and nobody's anywhere else.
  public static final String PASSWORD = "linyu-demo-2026";

  public static final Resident WANG = new Resident("wang", "王阿姨", building(QINGYUEYUAN, 3));
  public static final Resident LI = new Resident("li", "李师傅", building(QINGYUEYUAN, 5));
  public static final Resident ZHAO = new Resident("zhao", "赵爷爷", building(QINGYUEYUAN, 7));
  public static final Resident CHEN = new Resident("chen", "小陈", building(ANRUI, 2));
  public static final Resident SUN = new Resident("sun", "孙老师", building(NINGQING, 4));
  public static final Resident LIU = new Resident("liu", "刘大姐", building(CUILANAN, 1));

  /// Deputy director of 清月园社区.
  public static final Worker REN = new Worker("U00070", "任野悦", "清月园社区", "副主任");

  /// Its secretary, who checks what the deputy has done.
  public static final Worker YUAN = new Worker("U00069", "袁朴", "清月园社区", "书记");

  /// Dispatchers of 望澜街道 and of the district.
  public static final Worker WEI = new Worker("U00023", "韦屏青", "望澜街道", "派遣员");

  public static final Worker ZHANG = new Worker("U00007", "章宪可", "澜湖区", "指挥中心");

  /// Whom other desks ask for a part of what they handle.
  public static final Worker PENG = new Worker("U00018", "彭宁微", "澜湖区", "消防救援机构");

  private Town() {}

  /// @param key the phone's name in the simulator
  /// @param called what staff call them
  /// @param home code of their building
  public record Resident(String key, String called, String home) {
    /// What the QR on the building's door carries.
    public String door() {
      return scene(home);
    }
  }

  /// @param code to sign in with
  public record Worker(String code, String name, String place, String role) {}

  public static List<Resident> residents() {
    return List.of(WANG, LI, ZHAO, CHEN, SUN, LIU);
  }

  /// Somebody else who lives there: known by their matters alone.
  static Resident neighbour(String called, String community, int number) {
    String home = building(community, number);
    return new Resident(called + '@' + home, called, home);
  }

  /// Twenty neighbours of one community, who write when the water is cut.
  public static List<Resident> crowd() {
    return IntStream.range(0, 20)
        .mapToObj(n -> new Resident("crowd-" + n, "邻居", building(QINGYUEYUAN, 1 + n % 8)))
        .toList();
  }

  /// Those who can sign in.
  public static List<Worker> logins() {
    return List.of(REN, YUAN, WEI, ZHANG, PENG);
  }

  public static String building(String community, int number) {
    return "%sL%03d".formatted(community, number);
  }

  public static String scene(String building) {
    return "bld:" + building;
  }
}
