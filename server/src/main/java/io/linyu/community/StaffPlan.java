package io.linyu.community;

import io.linyu.platform.text.Csv;
import io.vertx.core.buffer.Buffer;
import java.io.Reader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What importing a file of staff comes to. Ages and other columns are not kept: nothing here needs
/// them.
final class StaffPlan {
  static final Set<String> EMPLOYMENTS = Set.of("full_time", "part_time", "volunteer");

  private final List<Member> added = new ArrayList<>();
  private final List<Member> changed = new ArrayList<>();
  private final List<Known> left = new ArrayList<>();
  private final List<Seat> taken = new ArrayList<>();
  private final List<Seat> given = new ArrayList<>();
  private final Csv csv;
  private int unchanged;

  /// Somebody as the file has them.
  record Member(
      String code,
      String name,
      String role,
      long territory,
      String employment,
      @Nullable String phone,
      @Nullable Desk desk) {}

  /// Somebody as the database has them.
  record Known(
      long id,
      String code,
      String name,
      String role,
      long territory,
      String employment,
      @Nullable Buffer phoneHash,
      boolean active,
      Set<Long> desks) {}

  /// A place at a desk, by the staff code.
  record Seat(String code, long desk) {}

  private StaffPlan(Csv csv) {
    this.csv = csv;
  }

  static StaffPlan of(
      Reader file,
      Directory directory,
      LocalDate today,
      List<Known> existing,
      Function<String, Buffer> hash,
      boolean endMissing) {
    Csv csv =
        Csv.read(
            file,
            List.of("code|user_code", "name|name_synthetic", "role", "org_code", "employment"),
            List.of("role_zh", "org_name", "phone|phone_synthetic", "age", "wechat_bound", "note"));
    List<Member> read = read(csv, directory, today);
    var plan = new StaffPlan(csv);
    if (csv.problems().isEmpty()) {
      plan.compare(read, existing, directory, hash, endMissing);
    }
    return plan;
  }

  ImportReport report() {
    return new ImportReport(
        added.stream().map(Member::code).toList(),
        changed.stream().map(Member::code).toList(),
        unchanged,
        left.stream().map(Known::code).toList(),
        csv.problems());
  }

  List<Member> added() {
    return added;
  }

  List<Member> changed() {
    return changed;
  }

  List<Known> left() {
    return left;
  }

  /// Seats that go with a role somebody has now.
  List<Seat> taken() {
    return taken;
  }

  /// Seats that went with a role somebody has no more.
  List<Seat> given() {
    return given;
  }

  private static List<Member> read(Csv csv, Directory directory, LocalDate today) {
    Map<String, Integer> lines = new HashMap<>();
    var read = new ArrayList<Member>();
    for (Csv.Line line : csv.lines()) {
      String code = line.text("code");
      Integer before = lines.putIfAbsent(code, line.number());
      if (before != null) {
        line.wrong("code", "twice", before);
      }
      String name = line.text("name");
      String role = line.oneOf("role", RoleDesks.ROLES);
      String employment = line.oneOf("employment", EMPLOYMENTS);
      String organisation = line.optional("org_name");
      String phone = line.optional("phone");
      if (phone != null && !Phones.isOne(phone)) {
        line.wrong("phone", "not-a-phone");
      }
      Territory territory = directory.tree().byCode(line.text("org_code"), today).orElse(null);
      if (territory == null) {
        line.wrong("org_code", "no-such-territory");
        continue;
      }
      read.add(
          new Member(
              code,
              name,
              role,
              territory.id(),
              employment,
              phone == null ? null : Phones.plain(phone),
              RoleDesks.of(directory, role, territory, organisation == null ? "" : organisation)
                  .orElse(null)));
    }
    return read;
  }

  private void compare(
      List<Member> read,
      List<Known> existing,
      Directory directory,
      Function<String, Buffer> hash,
      boolean endMissing) {
    Map<String, Known> before = new HashMap<>();
    existing.forEach(each -> before.put(each.code, each));
    for (Member member : read) {
      Known known = before.get(member.code);
      if (known == null) {
        added.add(member);
        take(member);
      } else {
        compare(member, known, directory, hash);
      }
    }
    if (endMissing) {
      var codes = new HashSet<String>();
      read.forEach(each -> codes.add(each.code));
      existing.stream()
          .filter(each -> each.active && !codes.contains(each.code))
          .forEach(left::add);
    }
  }

  /// The seats that somebody was given by hand stay; those that go with the role follow it.
  private void compare(
      Member member, Known known, Directory directory, Function<String, Buffer> hash) {
    boolean hasMoved = !known.role.equals(member.role) || known.territory != member.territory;
    Desk desk = member.desk;
    boolean lacksDesk = desk != null && known.desks.isEmpty();
    if (hasMoved) {
      directory
          .tree()
          .byId(known.territory)
          .flatMap(territory -> RoleDesks.of(directory, known.role, territory, ""))
          .filter(old -> desk == null || old.id() != desk.id())
          .ifPresent(old -> given.add(new Seat(known.code, old.id())));
    }
    if (hasMoved || lacksDesk) {
      take(member);
    }
    Buffer phoneHash = member.phone == null ? null : hash.apply(member.phone);
    if (hasMoved
        || lacksDesk
        || !known.active
        || !known.name.equals(member.name)
        || !Objects.equals(known.employment, member.employment)
        || (csv.has("phone") && !Objects.equals(known.phoneHash, phoneHash))) {
      changed.add(member);
    } else {
      unchanged++;
    }
  }

  private void take(Member member) {
    if (member.desk != null) {
      taken.add(new Seat(member.code, member.desk.id()));
    }
  }

  boolean hasPhones() {
    return csv.has("phone");
  }
}
