package io.linyu.reception;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import org.jspecify.annotations.Nullable;

/// What happens to a conversation, beyond what is said in it. The subject is the address.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ReceptionEvent.HandedOver.class, name = "handed_over"),
  @JsonSubTypes.Type(value = ReceptionEvent.HandedBack.class, name = "handed_back"),
  @JsonSubTypes.Type(value = ReceptionEvent.VoiceKept.class, name = "voice_kept"),
  @JsonSubTypes.Type(value = ReceptionEvent.VoiceHeard.class, name = "voice_heard"),
  @JsonSubTypes.Type(value = ReceptionEvent.MediaFailed.class, name = "media_failed"),
  @JsonSubTypes.Type(value = ReceptionEvent.SendingEnded.class, name = "sending_ended")
})
public sealed interface ReceptionEvent extends DomainEvent {
  Vocabulary<ReceptionEvent> VOCABULARY =
      new Vocabulary<>("reception", ReceptionEvent.class, false);

  /// A person was called into the conversation, about this case.
  record HandedOver(long caseId) implements ReceptionEvent {}

  /// @param staffId who gave it back to the bot; null: the resident wanted it
  record HandedBack(@Nullable Long staffId) implements ReceptionEvent {}

  record VoiceKept(long messageId, long hearingId) implements ReceptionEvent {}

  record VoiceHeard(long hearingId, long staffId) implements ReceptionEvent {}

  record MediaFailed(long messageId, String kind) implements ReceptionEvent {}

  /// @param state `failed` or `unknown`
  record SendingEnded(long outboundId, String state) implements ReceptionEvent {}
}
