package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A case inside the house. Outside, a case is known by its code, and spoken of by its number.
public record CaseId(@JsonValue long value) {
  @JsonCreator
  public static CaseId of(long value) {
    return new CaseId(value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
