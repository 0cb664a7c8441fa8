package io.linyu.channel;

import java.util.List;

/// The menus at the foot of our accounts' chats: what is published, and what our file would make of
/// it.
public interface Menus {
  /// Of a channel that has no such thing.
  Menus NONE =
      new Menus() {
        @Override
        public boolean mayHave(String account) {
          return false;
        }

        @Override
        public List<Button> published(String account) {
          return List.of();
        }

        @Override
        public Staged staged(String account) {
          return new Staged.Missing("");
        }

        @Override
        public void publish(String account, String seen) {
          throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "no menus here");
        }
      };

  /// @param deed what it does, in our word or else the platform's: `key`, `url`, `photo` …
  /// @param below empty: it does something itself
  record Button(String name, String deed, String value, List<Button> below) {
    public Button {
      below = List.copyOf(below);
    }
  }

  /// @param key of the sentence under `menu.problem.`
  record Problem(int line, String key, List<Object> arguments) {
    public Problem {
      arguments = List.copyOf(arguments);
    }
  }

  /// What the file says now.
  sealed interface Staged {
    /// @param seen stands for exactly this menu
    record Good(String file, List<Button> buttons, String seen) implements Staged {
      public Good {
        buttons = List.copyOf(buttons);
      }
    }

    /// @param problems in the order of the file
    record Faulty(String file, List<Problem> problems) implements Staged {
      public Faulty {
        problems = List.copyOf(problems);
      }
    }

    record Missing(String file) implements Staged {}
  }

  /// Whether this account's menu can be set by us, and not only by hand on the platform's pages.
  boolean mayHave(String account);

  /// Empty: none is published.
  ///
  /// @throws ChannelError when the platform does not say
  List<Button> published(String account);

  /// @param account whose menu it would be
  Staged staged(String account);

  /// Publishes what the file says, if it still is what was looked at.
  ///
  /// @param seen of [Staged.Good]
  /// @throws ChannelError when the platform does not take it; [ChannelError.Why#CONTENT] when the
  ///   file says something else by now
  void publish(String account, String seen);
}
