package io.linyu.reception;

import io.linyu.channel.Inbound;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One turn, while it runs.
final class Context {
  private final Tx tx;
  private final Conversation with;
  private final @Nullable Inbound inbound;
  private final long heard;
  private final boolean written;
  private final Instant now;
  private final @Nullable Long about;
  private boolean duty;
  private boolean danger;

  /// @param inbound what arrived; null when the turn began by itself
  /// @param heard the id under which it is kept
  /// @param written whether it is in the database already, and not only at the end of the turn
  Context(
      Tx tx,
      Conversation with,
      @Nullable Inbound inbound,
      long heard,
      boolean written,
      Instant now) {
    this.tx = tx;
    this.with = with;
    this.inbound = inbound;
    this.heard = heard;
    this.written = written;
    this.now = now;
    this.about = with.caseId;
  }

  Tx tx() {
    return tx;
  }

  Conversation with() {
    return with;
  }

  @Nullable Inbound inbound() {
    return inbound;
  }

  long heard() {
    return heard;
  }

  Instant now() {
    return now;
  }

  /// Those that the database knows.
  List<Long> written(Collection<Long> messages) {
    return messages.stream().filter(id -> written || id != heard).toList();
  }

  /// It was said and answered as a member of staff.
  void ofDuty() {
    duty = true;
  }

  boolean isDuty() {
    return duty;
  }

  /// A word of a member of staff told of danger, and was taken for that alone.
  void ofDanger() {
    danger = true;
  }

  boolean isDanger() {
    return danger;
  }

  /// The case that a person was talking about with the resident when it was said.
  @Nullable Long about() {
    return about;
  }
}
