package io.linyu.demo;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Admissions;
import io.linyu.community.Community;
import io.linyu.community.ImportReport;
import io.linyu.community.Imports;
import io.linyu.platform.auth.Passwords;
import io.linyu.platform.text.Csv;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;

/// The invented district: its territory, its staff, and who can sign in.
public final class District {
  private District() {}

  /// The same files twice change nothing.
  public static void load(Community community) {
    Imports imports = community.imports();
    load("territory.csv", imports::territory);
    load("staff.csv", imports::staff);
    // Slow on purpose, so made once.
    String hash = Passwords.hash(Town.PASSWORD);
    Town.logins().forEach(each -> community.staff().setPasswordHash(each.code(), hash));
  }

  /// What its communities take on; the same file twice changes nothing.
  static void load(Admissions admissions) {
    load("admissions.csv", (file, options) -> admissions.read(file, false, options.file()));
  }

  private static void load(String name, BiFunction<Reader, Imports.Options, ImportReport> door) {
    try (var file = requireNonNull(District.class.getResourceAsStream("/demo/" + name), name)) {
      ImportReport report = door.apply(Csv.reader(file), new Imports.Options(false, false, name));
      if (!report.isGood()) {
        throw new IllegalStateException(name + " has problems: " + report.problems());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
