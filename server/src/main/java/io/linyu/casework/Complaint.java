package io.linyu.casework;

import io.linyu.community.StaffName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whether somebody complains about a member of staff by name, as far as words alone can say so.
/// That is a suspicion, for a person to judge ([Suspicions]): it is better raised once too often
/// than that those read it whom it is about, but thanks, and whom somebody has only spoken to,
/// raise none.
///
/// A name counts where a word of complaint stands with it: in the same clause, or in the next two
/// of the sentence unless these speak of somebody else. Names of three characters and accounts
/// count wherever they stand; of two, which may be ordinary words, only with an office or a form of
/// address beside them, or where a person must be meant. A surname counts with an office that
/// somebody of that name has nearby.
final class Complaint {
  /// @param words that name them, as they were said
  /// @param who null: several may be meant
  record Finding(String words, @Nullable StaffName who) {}

  private static final Pattern SENTENCE = Pattern.compile("[。！？!?；;\\n\\r]+");
  private static final Pattern CLAUSE = Pattern.compile("[，,、：:\\s]+");

  private static final Pattern WRONG =
      Pattern.compile(
          "投诉|举报|控告|态度.{0,4}(?:差|不好|恶劣|冷|凶|蛮横|敷衍|傲慢|很坏|有问题)|(?:骂|吼|凶|打|推|刁难|为难|威胁|恐吓|侮辱|欺负|羞辱|糊弄|忽悠|骗|敷衍|应付)(?:了|过)?"
              + "(?:我|我们|人|老人|老百姓|居民|群众|业主|一顿)|骂骂咧咧|吃拿卡要|不作为|乱作为|推诿|推脱|踢皮球|踢来踢去|失职|渎职|收(?:了|过)?(?:红包|好处|黑钱|礼|我.{0,3}钱|钱不)|要红包|要好处|乱收费|"
              + "索贿|受贿|徇私|偏袒|偏心|包庇|官僚|耍官威|摆架子|不理(?:人|我|睬|会)?|爱理不理|爱答不理|不管(?!怎么|什么|是|白天|谁|哪|多)|不闻不问|不接电话|不回(?:话|消息|微信|信息)|不见人|不露面|不处理|不解决|不办事|拖着|一拖再拖|"
              + "说话.{0,3}(?:难听|不客气|冲)|拍桌子|不耐烦|挂(?:了)?(?:我)?电话|翻白眼|不负责|不称职|不像话|太过分|滥用职权|泄露|往外说|到处说");

  private static final Pattern THANKS =
      Pattern.compile("感谢|谢谢|多谢|表扬|点赞|辛苦|热心|(?<!不)负责任|(?<!不|没)耐心|好人|锦旗|夸|贴心|周到|态度(?:很|特别|非常)?好");

  /// Of whom else one complains.
  private static final Pattern OTHERS =
      Pattern.compile(
          "物业|保安|邻居|楼上|楼下|隔壁|对门|对面|商家|商铺|商户|店家|老板|施工|工地|开发商|业委会|医院|医生|学校|司机|公司|房东|租户|租客|中介|小孩|儿子|女儿|老公|丈夫|老婆|婆婆|他家|她家|那家|这家|狗|车主|清洁工|快递|外卖");

  /// Whoever is named next is meant.
  private static final Pattern ANNOUNCED = Pattern.compile("(?:投诉|举报)(?:一下|一个人|你们|他|她)?$");

  /// By the word for it, who may be meant. The longer word comes first.
  private static final Map<String, Set<String>> OFFICES =
      Map.ofEntries(
          Map.entry("副主任", Set.of("community_deputy", "council_member")),
          Map.entry("主任", Set.of("community_deputy", "council_chair", "community_secretary")),
          Map.entry("副书记", Set.of("community_deputy", "community_secretary")),
          Map.entry("书记", Set.of("community_secretary", "street_supervisor")),
          Map.entry("网格员", Set.of("grid_worker")),
          Map.entry("网格长", Set.of("grid_worker", "community_deputy")),
          Map.entry("楼栋长", Set.of("building_head")),
          Map.entry("楼长", Set.of("building_head")),
          Map.entry("单元长", Set.of("building_head")),
          Map.entry("小组长", Set.of("group_head")),
          Map.entry("组长", Set.of("group_head")),
          Map.entry("调解员", Set.of("mediator")),
          Map.entry("志愿者", Set.of("volunteer")),
          Map.entry(
              "社工", Set.of("info_officer", "community_deputy", "council_member", "grid_worker")),
          Map.entry(
              "工作人员",
              Set.of(
                  "info_officer",
                  "community_deputy",
                  "council_member",
                  "grid_worker",
                  "street_dispatcher",
                  "department_handler")),
          Map.entry("专干", Set.of("info_officer", "community_deputy", "council_member")),
          Map.entry(
              "干部",
              Set.of("info_officer", "community_deputy", "council_member", "community_secretary")),
          Map.entry("委员", Set.of("council_member")));

  private static final String OFFICE =
      "(副主任|主任|副书记|书记|网格员|网格长|楼栋长|楼长|单元长|小组长|组长|调解员|志愿者|社工|工作人员|专干|干部|委员)";

  private static final String HAN = "([\\u4e00-\\u9fff]{1,2})";

  /// `网格员小王`, `网格员王某`, `工作人员姓王`. A character alone may begin any word.
  private static final Pattern OFFICE_NAME =
      Pattern.compile(
          OFFICE
              + "(?:是|叫)?(?:[小老姓]([\\u4e00-\\u9fff]{1,2})|([\\u4e00-\\u9fff]{1,2})(?=某|师傅|同志|老师|姐|哥|阿姨))");

  /// `王主任`, `欧阳书记`.
  private static final Pattern NAME_OFFICE = Pattern.compile(HAN + OFFICE);

  /// `姓王的网格员`, `姓王的那个主任`.
  private static final Pattern CALLED =
      Pattern.compile("姓([\\u4e00-\\u9fff]{1,2})的(?:那个|这个|那位)?" + OFFICE);

  /// After which a name of two characters is that of a person.
  private static final Pattern MEANT_BEFORE =
      Pattern.compile("(?:投诉|举报|叫|名叫|就是|那个|这个|姓名|找过?|" + OFFICE + "(?:是|叫)?)$");

  private static final Pattern ADDRESSED_AFTER =
      Pattern.compile(
          "^(?:主任|书记|副主任|副书记|网格员|楼长|组长|师傅|同志|老师|站长|队长|科长|这个人|那个人|(?:在.{1,6})?(?:态度|骂|打了?我|吼|刁难|威胁))");

  private Complaint() {}

  /// Whether it is worth while to look whom it may be about.
  static boolean mayBe(String text) {
    return WRONG.matcher(text).find();
  }

  /// @param nearby those who work at the place, around it or in it
  static Optional<Finding> about(String text, List<StaffName> nearby) {
    return Stream.of(SENTENCE.split(text, -1))
        .filter(sentence -> WRONG.matcher(sentence).find())
        .flatMap(sentence -> inSentence(CLAUSE.split(sentence.strip(), -1), nearby).stream())
        .findFirst();
  }

  private static Optional<Finding> inSentence(String[] clauses, List<StaffName> nearby) {
    return IntStream.range(0, clauses.length)
        .filter(i -> isComplaining(clauses, i))
        .mapToObj(i -> named(clauses[i], nearby))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// Whether what is said of whoever is named in this clause is a complaint.
  private static boolean isComplaining(String[] clauses, int at) {
    if (WRONG.matcher(clauses[at]).find()) {
      return isOfThem(clauses[at]);
    }
    if (THANKS.matcher(clauses[at]).find()) {
      return false;
    }
    if (at > 0 && ANNOUNCED.matcher(clauses[at - 1]).find()) {
      return true;
    }
    for (int next = at + 1; next < clauses.length && next <= at + 2; next++) {
      if (OTHERS.matcher(clauses[next]).find() || THANKS.matcher(clauses[next]).find()) {
        return false;
      }
      if (WRONG.matcher(clauses[next]).find()) {
        return true;
      }
    }
    return false;
  }

  /// Nobody else is spoken of before it.
  private static boolean isOfThem(String clause) {
    Matcher wrong = WRONG.matcher(clause);
    Matcher others = OTHERS.matcher(clause);
    return wrong.find() && (!others.find() || others.start() > wrong.start());
  }

  private static Optional<Finding> named(String clause, List<StaffName> nearby) {
    for (StaffName each : nearby) {
      if (isNamed(clause, each)) {
        return Optional.of(new Finding(each.name(), each));
      }
    }
    for (Pattern pattern : List.of(CALLED, OFFICE_NAME, NAME_OFFICE)) {
      Matcher matcher = pattern.matcher(clause);
      for (int from = 0; matcher.find(from); from = matcher.start() + 1) {
        boolean officeFirst = pattern == OFFICE_NAME;
        String office = matcher.group(officeFirst ? 1 : 2);
        boolean addressed = officeFirst && matcher.start(2) < 0;
        String surname = matcher.group(addressed ? 3 : officeFirst ? 2 : 1);
        List<StaffName> meant = ofOffice(nearby, office, surname, officeFirst);
        if (!meant.isEmpty()) {
          return Optional.of(
              new Finding(matcher.group(), meant.size() == 1 ? meant.getFirst() : null));
        }
      }
    }
    return Optional.empty();
  }

  /// By their account, or their whole name.
  private static boolean isNamed(String clause, StaffName who) {
    if (who.code().length() > 2 && hasAccount(clause, who.code())) {
      return true;
    }
    String name = who.name();
    int at = name.length() < 2 ? -1 : clause.indexOf(name);
    if (at < 0 || name.length() > 2) {
      return at >= 0;
    }
    String before = clause.substring(0, at);
    String after = clause.substring(at + name.length());
    return MEANT_BEFORE.matcher(before).find() || ADDRESSED_AFTER.matcher(after).find();
  }

  private static boolean hasAccount(String clause, String code) {
    int at = clause.indexOf(code);
    int end = at + code.length();
    return at >= 0
        && (at == 0 || !isOfAccounts(clause.charAt(at - 1)))
        && (end >= clause.length() || !isOfAccounts(clause.charAt(end)));
  }

  private static boolean isOfAccounts(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  /// Of the surname, also where the pattern has taken a character more beside it.
  private static List<StaffName> ofOffice(
      List<StaffName> nearby, String office, String surname, boolean officeFirst) {
    Set<String> roles = OFFICES.getOrDefault(office, Set.of());
    var names = new ArrayList<String>(List.of(surname));
    if (surname.length() == 2) {
      names.add(officeFirst ? surname.substring(0, 1) : surname.substring(1));
    }
    for (String name : names) {
      List<StaffName> meant =
          nearby.stream()
              .filter(each -> roles.contains(each.role()) && each.name().startsWith(name))
              .toList();
      if (!meant.isEmpty()) {
        return meant;
      }
    }
    return List.of();
  }
}
