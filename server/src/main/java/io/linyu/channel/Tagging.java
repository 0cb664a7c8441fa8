package io.linyu.channel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tags that an account's followers can be given, so that one may write to those who have one. Each
/// call fails with a [ChannelError]; each may be made again, which changes nothing.
public interface Tagging {
  /// How many tags an account may have, those of others included.
  int most();

  /// How many characters a name may have.
  int longestName();

  /// How many people are named in one call.
  int atOnce();

  /// All tags of the account, by their ids; not those of the platform itself.
  Map<Long, String> all();

  /// @return its id
  long make(String name);

  void rename(long tag, String name);

  /// Whoever had it has it no longer.
  void drop(long tag);

  void give(long tag, List<String> people);

  void take(long tag, List<String> people);

  /// Some of those who have it.
  ///
  /// @param after the last of those that came before; null: from the first
  /// @return in the platform's order; empty: there are no more
  List<String> having(long tag, @Nullable String after);
}
