package io.linyu.casework;

import io.linyu.platform.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The gateway that rings telephones: one POST for each time an alarm rings.
final class AlarmGateway {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /// What it is told: ids and places, nothing that the resident said.
  ///
  /// @param call the same when the same call is made again, so that nobody is rung twice for it
  /// @param level whom it rings for now: community, street or district
  /// @param round how often it has rung
  /// @param link opens the matter for staff
  record Ring(
      long call,
      long alarm,
      String caseNumber,
      String kind,
      String territory,
      String territoryCode,
      String level,
      int round,
      @Nullable String dutyPhone,
      Instant rungAt,
      String link) {}

  private final URI address;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  AlarmGateway(String address) {
    this.address = URI.create(address);
  }

  /// Null when it took the call; else why not.
  @Nullable String call(Ring ring) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "alarm-call-" + ring.call())
            .POST(BodyPublishers.ofString(Json.write(ring)))
            .build();
    try {
      HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
      return answer.statusCode() / 100 == 2 ? null : "status " + answer.statusCode();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
