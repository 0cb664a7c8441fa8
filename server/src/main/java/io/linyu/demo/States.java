package io.linyu.demo;

import static io.linyu.demo.Town.ANRUI;
import static io.linyu.demo.Town.CUILANAN;
import static io.linyu.demo.Town.NINGQING;
import static io.linyu.demo.Town.QINGYUEYUAN;
import static io.linyu.demo.Town.WANG;
import static io.linyu.demo.Town.neighbour;

import io.linyu.casework.LoopRule;
import io.linyu.casework.Rejecting;
import io.linyu.casework.Request;
import io.linyu.casework.Returning.Ground;
import io.linyu.casework.TimeRequest;
import io.linyu.casework.Way;
import java.util.List;

/// One matter at least for each way in which a matter can stand, so that whoever looks at the demo
/// finds it; and what goes wrong in a house where people work: what is late, what nobody said a
/// word about, and what was done three times.
final class States {
  private static final String SOFA = "旧沙发";

  private final Tale tale;

  States(Tale tale) {
    this.tale = tale;
  }

  void tell() {
    flaws();
    before();
    returned();
    time();
    others();
    found();
    together();
    checked();
    over();
    dueSoon();
  }

  private void flaws() {
    // For two weeks the house raised by itself what nobody said a word about.
    tale.ruleSet(20, "08:40", LoopRule.E2, LoopRule.Mode.LIVE, "先跟以前一样，过期没动静就往上提");
    tale.by(neighbour("翁师傅", NINGQING, 6), 19)
        .says("09:00", "6栋楼梯口堆了好多纸箱子，堵住了路")
        .confirms("09:01")
        .claimed("10:20")
        .on(15)
        .saysOfIt("10:30", "催 %s")
        // By now the street has it.
        .on(11)
        .claimed("09:20")
        .answered("09:40", "翁师傅，这件事社区拖了，对不起。街道接过来，明天派人清走。")
        .on(10)
        .says("09:00", "查询")
        .closed("15:20", "纸箱清走了，也问过社区为什么没回您：经办的人休假，没有交接。");
    tale.ruleSet(10, "16:00", LoopRule.E2, LoopRule.Mode.DRY, "街道觉得提得太勤，先试算两周再定");

    tale.by(neighbour("冉大姐", QINGYUEYUAN, 9), 18)
        .says("08:50", "9栋楼下的健身亭子坏了，凳子都断了")
        .confirms("08:51")
        .claimed("09:30")
        .answered("09:45", "冉大姐，先围起来，凳子这周修。")
        .on(17)
        .reported("10:00", "凳子钉好了。")
        .checked("15:00", false, "钉子露在外面，一坐就晃。")
        .on(16)
        .says("08:40", "查询")
        .reported("15:30", "换了两块木板，钉子敲平了。")
        .on(15)
        .checked("10:00", true, "坐过，不晃。")
        .rates("11:30", 2, 4, 1)
        .doneAgain("14:30", "居民说只修了一条，另一条还是断的。")
        .on(14)
        .reported("16:00", "另一条也修了。")
        .on(13)
        .checked("10:30", false, "两条都坐得了，亭子的顶还漏雨，一并修。")
        .on(12)
        .says("14:30", "查询")
        .reported("15:00", "顶上换了三片瓦，泼水试过不漏。")
        .checked("16:30", true, "凳子和顶都看过，好了。")
        .rates("17:30", 1, 2, 1);
  }

  /// Not accepted yet, and not accepted at all.
  private void before() {
    tale.by(neighbour("甘师傅", QINGYUEYUAN, 10), 0)
        .says("75", "10栋楼道灯不亮了，晚上看不清路")
        .fallsSilent("43")
        .lookedAt("40", "10栋楼道的灯，天黑以后亮不亮？方便的话拍一张。");
    tale.by(neighbour("屈先生", QINGYUEYUAN, 2), 3)
        .says("09:58", "我要反映问题")
        .says("10:00", "想问问老房子产权的旧事")
        .confirms("10:02")
        .rejected("14:30", Rejecting.Reason.OUTSIDE, "房子的产权要到不动产登记中心查，带上身份证和房本，电话 12000000555。");
    tale.by(neighbour("沙老师", QINGYUEYUAN, 6), 2)
        .says("09:18", "我要反映问题")
        .says("09:20", "想问问厂里从前的旧事，谁来管")
        .confirms("09:22")
        .rejected("11:00", Rejecting.Reason.OUTSIDE, "厂里的旧事请找原来的主管单位，我们查不到。")
        .on(1)
        .saysOfIt("10:20", "复核 %s");
    tale.by(neighbour("盛阿姨", ANRUI, 5), 2)
        .says("09:10", "5栋门口的垃圾桶满了，臭得很")
        .confirms("09:11")
        .saysOfIt("09:40", "撤回 %s")
        .says("09:41", "1");
    tale.by(neighbour("阮先生", ANRUI, 1), 2).says("15:10", "社区有个工作人员骂人，推诿，不作为").confirms("15:12");
  }

  /// To a desk for which it was not.
  private void returned() {
    tale.by(neighbour("裴女士", NINGQING, 1), 12)
        .says("08:40", "1栋对面工地半夜还在施工，吵得孩子睡不着")
        .confirms("08:41")
        .returned("09:30", Ground.NOT_OURS, "城市管理局", "夜里运渣土，不是工地施工，归城管。")
        .returnAgreed("10:40", "城市管理局")
        .claimed("11:20")
        .answered("11:40", "裴女士，渣土车今晚起不许走这条路，晚上我们在路口。")
        .on(11)
        .says("09:00", "查询")
        .closed("15:00", "守了一夜，没有车走，以后也不让走。");
    tale.by(neighbour("汤师傅", NINGQING, 4), 4)
        .says("08:45", "4栋对面工地半夜还在施工，打桩声音太大")
        .confirms("08:46")
        .returned("09:40", Ground.NOT_OURS, "城市管理局", "像是商铺装修的声音。")
        .returnRefused("10:50", "现场看过，是桩机，还是由你们办。")
        .claimed("13:55")
        .answered("14:20", "汤师傅，工地没有夜间许可，今晚停。");
    tale.by(neighbour("陶女士", NINGQING, 8), 0)
        .says("170", "8栋对面工地半夜还在施工，吵得睡不着")
        .confirms("169")
        .returned("110", Ground.NOT_OURS, "住房城乡建设主管部门", "是拆旧楼的工地，住建在管。");
  }

  /// More time, and what has to wait.
  private void time() {
    tale.by(neighbour("乔大爷", QINGYUEYUAN, 11), 3)
        .says("08:55", "11栋单元门门禁坏了，谁都能进")
        .confirms("08:56")
        .claimed("09:20")
        .answered("09:40", "乔大爷，主板烧了，在等配件。")
        .on(1)
        .wantsTime("15:00", 2, "主板要从外地寄来，后天才到，到了当天装。");
    tale.by(neighbour("毕女士", ANRUI, 2), 5)
        .says("10:05", "2栋单元门门禁坏了，关不上")
        .confirms("10:06")
        .claimed("10:30")
        .answered("10:50", "毕女士，锁要换，已经去订了。")
        .on(4)
        .wantsTime("11:00", 2, "同型号的锁厂里断货，换一家订，要晚两天。")
        .granted("15:00");
    tale.by(neighbour("安师傅", QINGYUEYUAN, 4), 8)
        .says("09:15", "4栋楼下的健身亭子坏了，凳子都断了")
        .confirms("09:16")
        .claimed("09:40")
        .answered("10:00", "安师傅，先围起来，别让孩子上去。")
        .on(5)
        .wantsToWait("10:00", TimeRequest.Reason.WORKS_PLAN, 35, "这块地下个月改管网，亭子要先拆，改完再装新的，免得装了又拆。")
        .granted("15:00");
  }

  /// What others do for it, and those who lead.
  private void others() {
    tale.by(neighbour("缪阿姨", QINGYUEYUAN, 1), 3)
        .says("09:30", "1栋楼道里有人给电瓶车飞线充电")
        .confirms("09:31")
        .claimed("09:50")
        .answered("10:10", "缪阿姨，线先拔了，我们请消防和城管一起来看车棚的事。")
        .on(2)
        .partsAsked("09:30", List.of("消防救援机构", "城市管理局"), "请看 1 栋车棚能不能加充电位：消防看间距，城管看占不占道。")
        .on(1)
        .partAnswered("11:10", "城市管理局", "车棚在小区红线以内，不占道，可以加。")
        .on(0)
        .convened("50", "社区二楼会议室", List.of("消防救援机构", "城市管理局"), "充电位加在车棚哪一侧，线由谁来拉。");
    tale.by(neighbour("季先生", QINGYUEYUAN, 8), 4)
        .says("17:40", "8栋楼道里停满了电动车，还在充电")
        .confirms("17:41")
        .on(3)
        .claimed("09:15")
        .answered("09:30", "季先生，今天挨家说，明天起不许停。")
        .on(2)
        .headAsked("09:10", "8栋楼道里还停着电动车没有？停了几辆？")
        .headSaid("18:20", Request.Outcome.TOLD, "还有两辆，都在二楼拐角，晚上六点看的。")
        .on(1)
        .supervised("09:20", "孩子放学都从这里上楼，周五前要清完，每天报一次。");
    tale.by(neighbour("葛大姐", ANRUI, 7), 2)
        .says("09:50", "7栋楼道里堆满了纸箱，只能侧着走")
        .confirms("09:51")
        .claimed("10:10")
        .on(0)
        .saysOfIt("30", "催 %s");
    tale.by(neighbour("褚大爷", QINGYUEYUAN, 3), 3)
        .takenDown("10:30", Way.VISIT, "0406", "入户时说，3栋二单元的门太重，老人推不动", "12000008801")
        .claimed("10:50")
        .answered("11:10", "褚大爷，闭门器调松了，还重的话周末给您换一个。");
    tale.by(neighbour("匿名", QINGYUEYUAN, 5), 2)
        .takenDown("11:20", Way.BOX, "0406", "意见箱里的纸条：5栋一楼的声控灯太灵，整夜亮着照窗户", "")
        .claimed("11:40")
        .answered("11:50", "下周二调灵敏度，调完贴在门厅里。");
  }

  /// What nobody told: staff saw it themselves.
  private void found() {
    tale.by(neighbour("巡查", QINGYUEYUAN, 9), 12)
        .takenDown("09:40", Way.PATROL, "0102", "9栋二单元楼道里堆了装修剩下的板子", "")
        .claimed("10:05")
        .finished("15:20", "板子搬走了，楼道扫了一遍。");
    tale.by(neighbour("巡查", ANRUI, 2), 6)
        .takenDown("16:10", Way.PATROL, "0102", "2栋消火栓前面停了两辆旧自行车", "")
        .claimed("16:30")
        .on(5)
        .finished("10:40", "车挪进车棚了，消火栓前面画了黄线。")
        .on(3)
        .proposed("09:30", "消火栓前面不再停车", "巡查时看到消火栓前面停了两辆旧自行车。", "当天找到车主，车挪进了车棚，地上画了黄线。");
    tale.by(neighbour("巡查", QINGYUEYUAN, 2), 1)
        .takenDown("10:20", Way.PATROL, "0406", "2栋门口的声控灯白天也亮着", "")
        .claimed("10:30");
  }

  private void together() {
    var first =
        tale.by(neighbour("邬阿姨", QINGYUEYUAN, 7), 1)
            .says("18:40", "7栋楼道灯不亮了，晚上看不清路")
            .confirms("18:41");
    var second =
        tale.by(neighbour("戚师傅", QINGYUEYUAN, 7), 1)
            .says("19:30", "七栋楼道灯坏了，摸黑上楼")
            .confirms("19:31");
    var third = tale.by(neighbour("谈老师", QINGYUEYUAN, 7), 0).says("130", "7栋楼道灯坏了").confirms("129");
    first.on(0).claimed("120");
    second.on(0).merged("112", first);
    third.merged("110", first);
    first.answered("105", "三位都说的是 7 栋楼道的灯，我们一起办，电工下午到。");

    tale.by(neighbour("管师傅", CUILANAN, 2), 0)
        .published("180", "0302", "变压器跳闸，供电的人到了，正在换保险。", 220, 480);
    tale.by(neighbour("路女士", CUILANAN, 2), 0).says("100", "停电了").says("99", "1");
    tale.by(neighbour("娄先生", CUILANAN, 3), 0).says("85", "停电了").says("84", "1");
  }

  /// Said to be done.
  private void checked() {
    tale.by(neighbour("桂师傅", QINGYUEYUAN, 6), 1)
        .says("14:30", "6栋后面的垃圾桶满了没人收，臭得很")
        .confirms("14:31")
        .claimed("14:50")
        .answered("15:00", "桂师傅，催了环卫，今天清。")
        .on(0)
        .reported("125", "垃圾清走了，桶冲洗过。");
    tale.by(neighbour("瞿阿姨", ANRUI, 3), 3)
        .says("08:30", "3栋旁边的垃圾桶满了没人收")
        .confirms("08:31")
        .claimed("08:50")
        .on(2)
        .reported("10:00", "清走了。")
        .on(1)
        .checked("11:00", false, "桶是空了，地上还有两袋。");
    tale.by(WANG, 1)
        .says("14:20", "3栋楼道里堆了" + SOFA + "，走路要侧身")
        .confirms("14:21")
        .claimed("14:50")
        .answered("15:10", "王阿姨，找到是谁家的了，明天搬。")
        .on(0)
        .finished("55", SOFA + "搬走了，楼道拖了一遍。");
    tale.by(neighbour("蒲先生", NINGQING, 9), 2)
        .says("09:05", "9栋楼道里堆满了纸箱，堵住了路")
        .confirms("09:06")
        .claimed("09:30")
        .on(1)
        .says("09:00", "查询")
        .finished("10:20", "纸箱清走了。")
        .rates("15:00", 2, 4, 1);
  }

  /// All ways in which it ends.
  private void over() {
    tale.by(neighbour("席女士", NINGQING, 2), 7)
        .says("08:50", "2栋楼道里堆满了杂物，堵住了路")
        .confirms("08:51")
        .claimed("09:10")
        .finished("11:20", "杂物清走了，三楼那个柜子约好周末搬。")
        .rates("16:00", 3, 3, 1)
        .on(6)
        .proposed("10:20", "楼道里能走人了", "有居民说楼道里堆满了杂物，路堵住了。", "当天上午清走公共的地方，大件和住户约在周末搬。");
    tale.by(neighbour("麻大哥", ANRUI, 6), 8)
        .says("09:00", "6栋楼道里堆了好多纸箱子，堵住了路")
        .confirms("09:01")
        .claimed("09:20")
        .finished("15:30", "公共的地方清了，门口那一格是他家自己的，我们不能搬。")
        .rates("17:00", 2, 4, 1)
        .on(7)
        .overruled("10:30", "量过了，通道够宽；剩下的一格在他家门里，社区不能动，已经劝过两次。");
    tale.by(neighbour("符师傅", CUILANAN, 5), 6)
        .says("08:40", "5栋楼梯口堆了好多纸箱子，堵住了路")
        .confirms("08:41")
        .claimed("09:00")
        .finished("10:50", "纸箱清走了。");
    tale.by(neighbour("成阿姨", CUILANAN, 6), 9)
        .says("09:10", "6栋楼道里堆满了快递纸箱")
        .confirms("09:11")
        .claimed("09:30")
        .closed("14:40", "纸箱清走了。")
        .on(1)
        .says("10:05", "没好")
        .says("10:06", "1");
  }

  /// Whenever it is that somebody looks: their hours are those of day and night.
  private void dueSoon() {
    tale.by(neighbour("单女士", QINGYUEYUAN, 12), 0)
        .says("1395", "12栋楼道里堆满了纸箱，只能侧着走")
        .confirms("1394")
        .claimed("1380");
    tale.by(neighbour("门师傅", ANRUI, 4), 0)
        .says("80", "4栋前面下水道堵了，地上都是水")
        .confirms("79")
        .claimed("70");
    tale.by(neighbour("白大姐", QINGYUEYUAN, 4), 0)
        .takenDown("190", Way.PHONE, "0504", "4栋消防通道停了一辆面包车，救护车进不来", "12000008802")
        .claimed("185")
        .answered("178", "白大姐，车主电话打通了，正在回来的路上。");
    tale.by(neighbour("米先生", QINGYUEYUAN, 9), 0)
        .takenDown("255", Way.PHONE, "0504", "9栋后面消防通道被建筑材料堵了", "12000008803")
        .claimed("250")
        .answered("240", "米先生，工头说两小时内搬完，我们在看着。");
  }
}
