package io.linyu.simulator.wechat;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that asks others' software, which npm fetches. Where there is no npm it is left out and
/// says so; in CI it fails instead.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithNpm.WhereThereIsOne.class)
@interface WithNpm {
  final class WhereThereIsOne implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return "true".equals(System.getenv("CI")) || (runs("node") && runs("npm"))
          ? ConditionEvaluationResult.enabled("npm")
          : ConditionEvaluationResult.disabled(
              "NO NODE.JS WITH NPM (Debian: apt-get install nodejs npm)");
    }

    private static boolean runs(String program) {
      try {
        return new ProcessBuilder(program, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
      } catch (IOException none) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
