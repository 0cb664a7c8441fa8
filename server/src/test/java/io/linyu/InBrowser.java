package io.linyu;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that looks at pages in a real Chromium. Where there is none it is left out, which the
/// launcher says loudly; in CI it fails instead.
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InBrowser.WhereThereIsOne.class)
public @interface InBrowser {
  final class WhereThereIsOne implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return World.hasBrowser() || "true".equals(System.getenv("CI"))
          ? ConditionEvaluationResult.enabled("Chromium")
          : ConditionEvaluationResult.disabled(
              "NO CHROMIUM (./linyu test looks for it; others say -Dlinyu.chromium=…)");
    }
  }
}
