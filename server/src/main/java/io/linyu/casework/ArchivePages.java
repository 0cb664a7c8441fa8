package io.linyu.casework;

import io.linyu.casework.Archiving.Lacking;
import io.linyu.platform.http.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the page of what is not filed away is given.
public final class ArchivePages {
  private ArchivePages() {}

  /// @param cases whose file is not whole, the newest first
  /// @param next the address of the next page; null: there is none
  public record ArchivePage(Frame frame, List<Lacking> cases, @Nullable String next) {}
}
