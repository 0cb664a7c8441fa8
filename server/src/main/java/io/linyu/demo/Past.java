package io.linyu.demo;

import static io.linyu.demo.Town.ANRUI;
import static io.linyu.demo.Town.CHEN;
import static io.linyu.demo.Town.CUILANAN;
import static io.linyu.demo.Town.LI;
import static io.linyu.demo.Town.LIU;
import static io.linyu.demo.Town.NINGQING;
import static io.linyu.demo.Town.QINGYUEYUAN;
import static io.linyu.demo.Town.SUN;
import static io.linyu.demo.Town.WANG;
import static io.linyu.demo.Town.ZHAO;
import static io.linyu.demo.Town.neighbour;

import java.util.List;

/// What happened in the town in the past four weeks: some seventy matters, in every state that a
/// matter can be in by now. All of it is invented.
///
/// Here is what happens everywhere; what stands for one state each is in [States].
final class Past {
  /// Working days, today among them.
  static final int DAYS = 21;

  private final Tale tale;

  private Past(Tale tale) {
    this.tale = tale;
  }

  /// In the order in which it is written, which is not that in which it happened.
  static List<Tale.Step> told() {
    var tale = new Tale();
    var past = new Past(tale);
    past.longAgo();
    past.qingyueyuan();
    past.anrui();
    past.ningqing();
    past.cuilanan();
    past.today();
    new States(tale).tell();
    return tale.steps();
  }

  /// The two weeks before the last two.
  private void longAgo() {
    tale.by(neighbour("牛师傅", QINGYUEYUAN, 2), 20)
        .says("08:50", "2栋门口的垃圾桶满了，没人收")
        .confirms("08:51")
        .claimed("09:20")
        .closed("15:10", "垃圾清走了，桶也换了一个盖子好的。");
    tale.by(neighbour("俞女士", ANRUI, 4), 19)
        .says("19:05", "4栋门禁坏了，谁都能进")
        .confirms("19:06")
        .on(18)
        .claimed("09:10")
        .answered("09:30", "俞女士，已经报修，明天来换读卡器，这两天保安多走一趟。")
        .on(17)
        .says("08:40", "查询")
        .closed("16:20", "读卡器换好了，旧卡不用换，刷过是好的。");
    tale.by(neighbour("柏大爷", NINGQING, 7), 18)
        .says("07:40", "7栋楼道里堆了旧床板，走路要侧身")
        .confirms("07:41")
        .claimed("10:30")
        .on(17)
        .says("09:00", "查询")
        .closed("11:40", "床板搬走了，跟那一户约好以后放地下室。");
    tale.by(neighbour("华师傅", CUILANAN, 4), 16)
        .says("17:15", "4栋后面有人乱倒建筑垃圾，没人收")
        .confirms("17:16")
        .on(15)
        .claimed("09:40")
        .closed("16:50", "清走了两车，路口装了一个提示牌。");
    tale.by(neighbour("顾大姐", QINGYUEYUAN, 12), 14)
        .says("12:30", "12栋墙上贴满了小广告")
        .confirms("12:31")
        .claimed("14:20")
        .on(13)
        .says("09:00", "查询")
        .closed("10:30", "小广告铲干净了，号码登记下来报给了街道。");
    tale.by(neighbour("章老师", ANRUI, 6), 13)
        .says("09:15", "6栋楼下电动车乱停，充电线从窗户拉下来")
        .confirms("09:16")
        .claimed("09:30")
        .answered("09:50", "章老师，线已经拔了，车主下午挪去车棚。")
        .closed("17:10", "车都挪进车棚了，一楼窗口装了挡板，拉不下来了。");
  }

  private void qingyueyuan() {
    tale.by(WANG, 10)
        .says("19:42", "三栋楼道灯不亮了，晚上看不清路")
        .confirms("19:43")
        .on(9)
        .claimed("09:05")
        .answered("09:20", "王阿姨，我叫了电工，今天下午来看，您不用守着。")
        .on(8)
        .closed("16:30", "三栋二楼的灯泡和感应开关都换了，试过是亮的。");
    tale.by(LI, 9)
        .says("08:10", "5栋后面的垃圾桶满了三天没人收，臭得很")
        .sends("08:11", "rubbish")
        .confirms("08:12")
        .claimed("09:15")
        .answered("09:30", "李师傅，已经催环卫上午加收一次，您看看收了没有。")
        .closed("15:40", "垃圾已经清走，桶也冲洗过了，以后每天早晚各收一次。");
    tale.by(ZHAO, 8)
        .says("10:02", "7栋门口的坡道太陡了，我坐轮椅上不去")
        .confirms("10:04")
        .claimed("10:40")
        .answered("11:05", "赵爷爷，我下午来量一下坡道，量完跟您说怎么改。")
        .noted("16:10", "坡度约 1:6，要改成 1:12，宽度够。需街道无障碍改造经费。")
        .on(7)
        .answered("09:30", "赵爷爷，坡道要重做，已经报上去了，这周先放一块活动坡板。");
    tale.by(neighbour("周师傅", QINGYUEYUAN, 2), 8)
        .says("20:15", "2栋楼梯口堆了好多纸箱子，堵住了路")
        .sends("20:16", "rubbish")
        .confirms("20:17")
        .on(7)
        .claimed("09:12")
        .closed("17:05", "纸箱是二楼住户搬家放的，已经清走，楼道量过，通行宽度够了。");
    tale.by(neighbour("吴阿姨", QINGYUEYUAN, 4), 6)
        .says("07:50", "4栋门口的路灯不亮，柿园巷那边也是黑的")
        .confirms("07:52");
    tale.by(neighbour("郑先生", QINGYUEYUAN, 1), 5)
        .says("21:30", "1栋楼下广场舞的音响太吵，孩子睡不着")
        .confirms("21:31")
        .on(4)
        .claimed("09:30")
        .answered("10:00", "郑先生，今晚我和网格员九点去看，先跟他们说说。")
        .noted("21:40", "到场，三位居民在亭子里放音箱，说了就关小了。留了联系方式。")
        .on(3)
        .answered("09:10", "昨晚去说过，他们答应九点后不放音箱。今晚要是还有，您直接说。");
    tale.by(neighbour("冯大姐", QINGYUEYUAN, 6), 4)
        .says("09:40", "6栋前面下水道堵了，地上都是水")
        .sends("09:41", "puddle")
        .confirms("09:42")
        .claimed("10:05")
        .handedUp("10:20", "堵的是市政路面下的主管道，要区里请排水单位来疏通。");
    tale.by(neighbour("何老师", QINGYUEYUAN, 8), 3)
        .says("16:20", "8栋电动车充电的插座坏了两个，充不进电")
        .confirms("16:21")
        .claimed("16:50");
    tale.by(neighbour("宋大爷", QINGYUEYUAN, 9), 2)
        .speaks("08:30", "kitchen-leak")
        .heard("09:10", "我们家厨房顶上漏水，漏了一个多星期了，物业看了一下就走了")
        .confirms("09:14")
        .claimed("09:40");
    tale.by(neighbour("韩女士", QINGYUEYUAN, 10), 2)
        .says("18:45", "10栋三楼消防通道停满了电动车")
        .confirms("18:46")
        .on(1)
        .claimed("09:20")
        .answered("09:45", "韩女士，已经通知车主今天挪走，下午我来复看。")
        .handedUp("16:30", "两位车主不肯挪，要街道来执法。");
    tale.by(neighbour("唐阿姨", QINGYUEYUAN, 11), 1)
        .says("10:10", "11栋楼下的井盖松了，踩上去会响")
        .confirms("10:11")
        .claimed("10:18")
        .answered("10:30", "唐阿姨，人已经到了，先放了围栏，走路请绕一下。");
    tale.by(neighbour("曹先生", QINGYUEYUAN, 12), 1).says("15:05", "12栋墙上又贴满了小广告").confirms("15:06");
  }

  private void anrui() {
    tale.by(CHEN, 10)
        .says("12:20", "2栋楼道里堆满了快递纸箱，只能侧着走")
        .confirms("12:21")
        .claimed("14:10")
        .on(8)
        .closed("11:00", "纸箱都清走了，楼下放了一个回收筐，每天收一次。");
    tale.by(neighbour("沈阿姨", ANRUI, 3), 9)
        .says("09:25", "3栋停水一上午了，也没有通知")
        .confirms("09:26")
        .claimed("09:40")
        .answered("09:55", "沈阿姨，是加压泵检修，供水那边说十二点前恢复。")
        .closed("12:30", "水已经来了，通知没贴到三栋，是我们的疏忽，以后每栋都贴。");
    tale.by(neighbour("邓师傅", ANRUI, 5), 7)
        .says("17:30", "5栋门口每天有人占道摆摊，人行道都走不了")
        .confirms("17:31")
        .on(6)
        .claimed("09:10")
        .answered("09:35", "邓师傅，今晚六点去清，之后连着看三天。");
    tale.by(neighbour("许女士", ANRUI, 1), 6)
        .says("20:05", "1栋电梯又停了，这个月第三次")
        .confirms("20:06")
        .on(5)
        .claimed("09:00")
        .answered("09:15", "许女士，维保公司说是门锁触点的问题，今天换件。")
        .noted("15:20", "维保 14:50 到，换门锁触点两组。要求他们出三次故障的书面说明。")
        .closed("17:20", "电梯换了门锁触点，已经在走；三次停梯的原因我们要了书面说明，会贴在一楼。");
    tale.by(neighbour("傅大哥", ANRUI, 6), 4)
        .says("22:10", "6栋楼顶漏水，我家天花板湿了一片")
        .sends("22:11", "puddle")
        .confirms("22:12")
        .on(3)
        .claimed("09:25")
        .answered("10:10", "傅大哥，下午两点我和物业上楼顶看，您方便留个门吗？")
        .says("10:20", "方便，我在家")
        .noted("15:00", "楼顶防水层起鼓约 3 平方米，落水口堵。先清落水口，防水要动维修资金。");
    tale.by(neighbour("钟阿姨", ANRUI, 4), 3).says("08:15", "4栋旁边的花坛里有人种菜").confirms("08:16");
    tale.by(neighbour("卢先生", ANRUI, 7), 2)
        .says("13:40", "7栋门禁坏了，谁都能进来")
        .confirms("13:41")
        .claimed("14:30");
    tale.by(neighbour("魏大姐", ANRUI, 2), 1)
        .says("11:15", "2栋楼道里有人给电瓶车飞线充电")
        .confirms("11:16")
        .claimed("11:25")
        .answered("11:40", "魏大姐，已经断掉拔走了，今天晚上再去看一遍。");
  }

  private void ningqing() {
    tale.by(SUN, 9)
        .says("18:20", "4栋楼下的路坑坑洼洼，下雨就积水，我摔了一跤")
        .sends("18:21", "puddle")
        .confirms("18:22")
        .on(8)
        .claimed("09:10")
        .answered("09:40", "孙老师，您身体要紧吗？坑我们先用沙袋垫上，再报修路。")
        .on(5)
        .closed("16:00", "坑洼的地方已经填平，请您看看。")
        .on(4)
        .says("08:05", "不满意，只拍个照就走了，根本没填，昨天下雨还是一摊水")
        .says("08:07", "人工");
    tale.by(neighbour("丁师傅", NINGQING, 2), 8)
        .says("07:45", "2栋垃圾分类点没有水龙头，手都没地方洗")
        .confirms("07:46")
        .claimed("10:00")
        .on(6)
        .closed("15:30", "水龙头装好了，在分类点左边，平时有人擦洗。");
    tale.by(neighbour("贺女士", NINGQING, 5), 6)
        .says("19:30", "5栋对面工地半夜还在施工，吵得孩子睡不着")
        .confirms("19:31")
        .on(5)
        .claimed("09:20")
        .answered("09:45", "贺女士，这个工地没有夜间许可，已经叫停，今晚我再去听一遍。");
    tale.by(neighbour("倪阿姨", NINGQING, 6), 4)
        .says("09:05", "6栋楼道灯坏了，我这几天都摸黑")
        .confirms("09:06")
        .claimed("09:30")
        .closed("14:50", "灯修好了，换的是声控的，咳一声就亮。");
    tale.by(neighbour("施先生", NINGQING, 8), 3)
        .says("12:10", "8栋门口的树枝挡住了路灯，能不能修一下")
        .confirms("12:11");
    tale.by(neighbour("严大哥", NINGQING, 9), 2)
        .says("17:25", "9栋下面的停车位被杂物占了")
        .confirms("17:26")
        .on(1)
        .claimed("10:05");
  }

  private void cuilanan() {
    tale.by(LIU, 10)
        .says("14:15", "1栋楼下的健身亭子坏了，凳子都断了")
        .confirms("14:16")
        .on(9)
        .claimed("09:50")
        .on(6)
        .leaves("20:40")
        .on(5)
        .answered("10:20", "刘大姐，凳子明天来换，您再等一天。");
    tale.by(neighbour("姜阿姨", CUILANAN, 2), 9)
        .says("10:45", "2栋单元门的锁坏了，关不上")
        .confirms("10:46")
        .claimed("11:10")
        .closed("17:00", "门锁换好了，新钥匙在值班室，凭门牌领。");
    tale.by(neighbour("范师傅", CUILANAN, 4), 7)
        .says("08:55", "4栋后面有人乱倒装修垃圾")
        .sends("08:56", "rubbish")
        .confirms("08:57")
        .claimed("09:30")
        .answered("10:00", "范师傅，查到是哪一户了，让他今天清走。")
        .closed("18:00", "装修垃圾今天下午清完了，也跟那户说了下次去哪里倒。");
    tale.by(neighbour("崔女士", CUILANAN, 5), 5)
        .says("16:40", "5栋水压低，洗澡都洗不成")
        .confirms("16:41")
        .on(4)
        .claimed("09:15")
        .answered("09:50", "崔女士，供水单位明天来测水压，测完我告诉您。");
    tale.by(neighbour("邹大爷", CUILANAN, 3), 3)
        .says("10:30", "3栋楼梯扶手松了，我上楼都不敢扶")
        .confirms("10:31")
        .claimed("10:45")
        .closed("16:20", "扶手重新打了膨胀螺丝，摇过是牢的。");
    tale.by(neighbour("苗阿姨", CUILANAN, 6), 1).says("09:35", "6栋楼下的狗不牵绳，追着小孩跑").confirms("09:36");
    tale.by(neighbour("谢先生", CUILANAN, 1), 4)
        .says("21:05", "家头有股煤气味，阀门我关了")
        .acknowledged("21:07")
        .says("21:09", "人都出来了，在楼下");
  }

  /// What is on everybody's table this morning.
  private void today() {
    tale.by(neighbour("顾女士", QINGYUEYUAN, 3), 0).says("150", "3栋门口堆满了快递箱子，挡住了路").confirms("149");
    tale.by(neighbour("彭师傅", QINGYUEYUAN, 5), 0)
        .says("95", "5栋二单元水管漏水，楼梯上都是水")
        .sends("94", "puddle")
        .confirms("93");
    tale.by(ZHAO, 0).speaks("48", "lift");
    tale.by(neighbour("江阿姨", QINGYUEYUAN, 7), 0).speaks("25", "kitchen-leak");
    tale.by(LI, 0).says("18", "5栋楼道的灯一闪一闪的，看着头晕").confirms("17");
    tale.by(neighbour("毛阿姨", NINGQING, 3), 0)
        .says("70", "3栋的电梯按键不亮，老人看不清楼层")
        .confirms("69")
        .claimed("55")
        .answered("40", "毛阿姨，维保下午来换按键，换好我再跟您说。");
    tale.by(neighbour("任先生", ANRUI, 3), 0).says("12", "3栋楼下停车位又被占了");
  }
}
