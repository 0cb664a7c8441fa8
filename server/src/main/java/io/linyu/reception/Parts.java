package io.linyu.reception;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What is too long for one message, in as few as it takes.
final class Parts {
  private static final String ENDS = "\n。！？；.!?;";

  private Parts() {}

  /// Nothing is lost but white space at the seams. Cut after a sentence where one ends in the later
  /// half of what fits, else between two characters.
  ///
  /// @param limit of one part, in bytes of UTF-8; more than four, the longest character
  static List<String> of(String text, int limit) {
    var parts = new ArrayList<String>();
    String rest = text.strip();
    while (bytes(rest) > limit) {
      int fits = fits(rest, limit);
      int end = fits;
      while (end > fits / 2 && ENDS.indexOf(rest.charAt(end - 1)) < 0) {
        end--;
      }
      int seam = end > fits / 2 ? end : fits;
      parts.add(rest.substring(0, seam).strip());
      rest = rest.substring(seam).strip();
    }
    parts.add(rest);
    return parts;
  }

  private static int fits(String text, int limit) {
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      used += bytes(text.substring(end, next));
      if (used > limit) {
        break;
      }
      end = next;
    }
    return end;
  }

  static int bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
