package io.linyu.reception;

import java.util.List;

/// Messages of our own that were on their way when a backup was made. Whether they went out
/// afterwards, no backup knows; so, restored, they are shown to staff as unknown and not sent.
public final class Unsent {
  private Unsent() {}

  /// @param sendsQueued when nothing went out after the backup, because the servers had been
  ///   stopped: then only what was in flight is unknown
  public static List<String> becomeUnknown(boolean sendsQueued) {
    String states = sendsQueued ? "'sending'" : "'sending', 'queued'";
    return List.of(
        """
        UPDATE outbound
           SET state = 'unknown', reason = 'restored from a backup', next_due_at = NULL,
               lease_until = NULL, updated_at = now()
         WHERE state IN (%s)
        """
            .formatted(states));
  }
}
