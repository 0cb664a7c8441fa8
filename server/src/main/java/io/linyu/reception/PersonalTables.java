package io.linyu.reception;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Every table there is, and what of it belongs to residents. A table that is not named here fails
/// a test, and so does one that is erased and neither handed out nor says why not: whoever adds one
/// decides what exporting and erasing a person does with it.
final class PersonalTables {
  /// Which parameter of the statement says whose rows they are.
  enum By {
    /// All persons that are one.
    PERSON,
    ADDRESS,
    CASE,
    /// Messages at others' addresses that belong to what they told for the person.
    MESSAGE
  }

  /// @param column that names the owner; or, where another table does, the whole condition
  /// @param erase what becomes of the rows: `SET` of an update, or `DELETE`; `$2` is how they are
  ///   erased now ([#ERASED])
  record Held(String table, String column, By by, String erase) {
    /// Whose rows it is about, by `$1`.
    String where() {
      return column.contains("$1") ? column : column + " = ANY($1::bigint[])";
    }
  }

  /// What is in the place of a message's words.
  static final String ERASED = "{\"kind\": \"other\", \"name\": \"erased\", \"fields\": {}}";

  /// The messages in which heads and staff sent something for these cases.
  static final String SENT_FOR_CASE =
      """
      SELECT unnest(n.message_ids) FROM case_note n WHERE n.case_id = ANY($1::bigint[])
      UNION
      SELECT h.message_id FROM hearing h JOIN request r ON r.id = h.request_id
       WHERE r.case_id = ANY($1::bigint[])
      """;

  private static final String CONSENT_ERASED =
      """
      kinship = '', giver_sealed = NULL, actor_sealed = NULL, ended_at = coalesce(ended_at, now()),
      ended_by = CASE WHEN ended_by IS NULL OR ended_by = 'expired' THEN 'erased' ELSE ended_by END
      """;

  /// Nobody is to take it any more. What somebody else has taken is theirs.
  private static final String CONSENT_MEANT_ERASED =
      """
      meant_for_id = NULL,
      kinship = CASE WHEN actor_id IS NULL THEN '' ELSE kinship END,
      giver_sealed = CASE WHEN actor_id IS NULL THEN NULL ELSE giver_sealed END,
      actor_sealed = CASE WHEN actor_id IS NULL THEN NULL ELSE actor_sealed END,
      ended_at = CASE WHEN actor_id IS NULL THEN coalesce(ended_at, now()) ELSE ended_at END,
      ended_by = CASE WHEN actor_id IS NULL THEN coalesce(ended_by, 'erased') ELSE ended_by END
      """;

  /// In the order in which they are erased: what refers to a row before that row.
  static final List<Held> HELD =
      List.of(
          new Held("hearing", "message_id", By.MESSAGE, "DELETE"),
          new Held(
              "attachment",
              "message_id",
              By.MESSAGE,
              """
              state = 'failed', digest = NULL, media_id = '', name = NULL, reason = NULL, next_due_at = NULL,
              lease_until = NULL, code = md5(gen_random_uuid()::text)
              """),
          new Held(
              "outbound",
              "message_id",
              By.MESSAGE,
              """
              text = '', reason = NULL, next_due_at = NULL, lease_until = NULL,
              state = CASE WHEN state IN ('delivered', 'unknown') THEN state ELSE 'failed' END
              """),
          new Held("message", "id", By.MESSAGE, "content = '" + ERASED + "'::jsonb"),
          // What heads said to what they were asked of it, and pictures that staff sent from a
          // chat.
          new Held(
              "attachment",
              "message_id IN (" + SENT_FOR_CASE + ")",
              By.CASE,
              """
              state = 'failed', digest = NULL, media_id = '', name = NULL, reason = NULL, next_due_at = NULL,
              lease_until = NULL, code = md5(gen_random_uuid()::text)
              """),
          new Held(
              "message",
              "id IN (" + SENT_FOR_CASE + ")",
              By.CASE,
              "content = '" + ERASED + "'::jsonb"),
          new Held("hearing", "message_id IN (" + SENT_FOR_CASE + ")", By.CASE, "DELETE"),
          new Held("hearing", "address_id", By.ADDRESS, "DELETE"),
          new Held(
              "attachment",
              "address_id",
              By.ADDRESS,
              """
              state = 'failed', digest = NULL, media_id = '', name = NULL, reason = NULL, next_due_at = NULL,
              lease_until = NULL, code = md5(gen_random_uuid()::text)
              """),
          new Held("outbound_notice", "case_id", By.CASE, "DELETE"),
          new Held("subscription", "address_id", By.ADDRESS, "DELETE"),
          new Held("address_tag", "address_id", By.ADDRESS, "DELETE"),
          new Held(
              "outbound",
              "address_id",
              By.ADDRESS,
              """
              text = '', reason = NULL, next_due_at = NULL, lease_until = NULL,
              state = CASE WHEN state IN ('delivered', 'unknown') THEN state ELSE 'failed' END
              """),
          new Held("message", "address_id", By.ADDRESS, "content = '" + ERASED + "'::jsonb"),
          // The row stays, so that a delivery that is repeated still is one.
          new Held("receipt", "address_id", By.ADDRESS, "reply = NULL, carried = 0"),
          new Held(
              "conversation",
              "address_id",
              By.ADDRESS,
              """
              state = '{}', held_by = 'bot', quota_left = 0, waiting = false, case_id = NULL,
              last_heard = NULL, next_due_at = NULL, lease_until = NULL
              """),
          new Held("slip_code", "case_id", By.CASE, "DELETE"),
          new Held("draft", "case_id", By.CASE, "DELETE"),
          new Held("case_photo", "case_id", By.CASE, "DELETE"),
          // That there was a slip stays, since how many there were is published.
          new Held(
              "box_slip",
              "id IN (SELECT k.slip_id FROM box_slip_case k WHERE k.case_id = ANY($1::bigint[]))",
              By.CASE,
              "digest = NULL"),
          // Which doors were gone to stays, for it is counted.
          new Held(
              "visit_door",
              "id IN (SELECT k.door_id FROM visit_door_case k WHERE k.case_id = ANY($1::bigint[]))",
              By.CASE,
              "label = '', note = NULL"),
          new Held("shift_line", "case_id", By.CASE, "comment = NULL"),
          new Held("shift_draft", "case_id", By.CASE, "DELETE"),
          new Held("enclosure", "case_id", By.CASE, "DELETE"),
          new Held("case_answer", "case_id", By.CASE, "text = ''"),
          new Held("case_note", "case_id", By.CASE, "text = ''"),
          new Held("case_example", "case_id", By.CASE, "DELETE"),
          new Held("look_outside", "case_id", By.CASE, "words = ''"),
          new Held("return_visit", "case_id", By.CASE, "words = NULL"),
          new Held("holding", "case_id", By.CASE, "reason = NULL"),
          // An open case goes on by its category and place. Its salt is another one, so that no
          // digest of what was said before can be guessed back.
          new Held(
              "\"case\"",
              "id",
              By.CASE,
              """
              title = coalesce((SELECT name_zh FROM category WHERE code = category_code), '—'),
              what = '', place = NULL, suspected = CASE WHEN suspected IS NOT NULL THEN '—' END, code = substr(md5(gen_random_uuid()::text), 1, 24),
              speaker_code = NULL,
              salt = CASE WHEN closed_at IS NULL THEN md5(gen_random_uuid()::text) END
              """),
          // Made anew from what is left of the case.
          new Held("case_words", "case_id", By.CASE, "DELETE"),
          new Held("bind_code", "address_id", By.ADDRESS, "DELETE"),
          new Held("bind_code", "claimed_by", By.ADDRESS, "DELETE"),
          new Held("bind_guess", "address_id", By.ADDRESS, "DELETE"),
          new Held("consent_code", "claimed_by", By.ADDRESS, "DELETE"),
          // That there was one stays, with the persons as ids, since cases name it.
          new Held("consent", "giver_id", By.PERSON, CONSENT_ERASED),
          new Held("consent", "actor_id", By.PERSON, CONSENT_ERASED),
          new Held("consent", "meant_for_id", By.PERSON, CONSENT_MEANT_ERASED),
          new Held("staff_question", "address_id", By.ADDRESS, "DELETE"),
          new Held("request_question", "address_id", By.ADDRESS, "DELETE"),
          // A member of staff who is erased as a resident is not called there any more.
          new Held("staff_address", "address_id", By.ADDRESS, "DELETE"),
          new Held("person_merge", "kept_id", By.PERSON, "reason = NULL"),
          new Held("person_merge", "gone_id", By.PERSON, "reason = NULL"),
          new Held("phone_verification", "person_id", By.PERSON, "DELETE"),
          new Held(
              "address",
              "id",
              By.ADDRESS,
              """
              follows = false, forget_at = NULL, chosen_at = NULL,
              external_id = CASE WHEN starts_with(external_id, 'left:') THEN external_id
                ELSE 'left:' || encode(sha256((gen_random_uuid()::text || external_id)::bytea), 'hex') END,
              code = md5(gen_random_uuid()::text)
              """),
          new Held(
              "person",
              "id",
              By.PERSON,
              """
              called = NULL, name_sealed = NULL, phone_sealed = NULL, phone_hash = NULL,
              phone_end_hash = NULL, home_id = NULL, home_asked = NULL
              """));

  /// Tables that hold nothing of a resident, or nothing that is not theirs alone, and why.
  static final Map<String, String> NOT_HELD =
      Map.ofEntries(
          Map.entry("event", "ids, and digests whose salt goes"),
          Map.entry("event_root", "digests"),
          Map.entry("event_trouble", "of listeners"),
          Map.entry("event_cursor", "of listeners"),
          Map.entry("scene_code", "of the house"),
          Map.entry("account_day", "figures of the platform"),
          Map.entry("probe", "of the house: how the way to us was"),
          Map.entry("probe_way", "of the house: how the way to us was"),
          Map.entry("probe_try", "of the house: how the way to us was"),
          Map.entry("territory_tag", "of the house"),
          Map.entry("tag_round", "of the house"),
          Map.entry("known_matter", "what staff published"),
          Map.entry("known_word", "what staff published"),
          Map.entry("known_join", "which case joined which, by ids"),
          Map.entry("case_words_due", "which cases are to be written anew"),
          Map.entry("case_addition", "which message added to which case, by ids"),
          Map.entry("case_addition_due", "which cases are to be written anew"),
          Map.entry("return_visit_try", "how often somebody was asked, by ids"),
          Map.entry("handed_in", "which message was handed in to which case, by ids"),
          Map.entry("case_sending", "of staff: by what keys they have sent, by ids"),
          Map.entry("day_seen", "of staff"),
          Map.entry("saved_view", "of staff"),
          Map.entry("shift", "of staff: what one shift writes to the next"),
          Map.entry("shift_word", "of staff"),
          Map.entry("shift_reminder", "of staff"),
          Map.entry("staff_code", "of staff"),
          Map.entry("desk_order", "of staff"),
          Map.entry("errand", "of staff, and which case they were called to"),
          Map.entry("errand_watch", "which cases are to be looked at"),
          Map.entry("canned_reply", "of staff"),
          Map.entry("community_version", "of the house"),
          Map.entry("territory", "of the house"),
          Map.entry("territory_was", "of the house"),
          Map.entry("staff", "of staff"),
          Map.entry("desk", "of the house"),
          Map.entry("desk_member", "of staff"),
          Map.entry("absence", "of staff"),
          Map.entry("desk_hours", "of the house"),
          Map.entry("kept_from", "which member of staff a case is about"),
          Map.entry("body", "of the house"),
          Map.entry("holiday", "of the house"),
          Map.entry("blob", "goes with the last attachment, photo or enclosure that has it"),
          Map.entry("blob_chunk", "goes with its blob"),
          Map.entry("category", "of the house"),
          Map.entry("routing_rule", "of the house"),
          Map.entry("replay", "of staff; cases by their ids alone"),
          Map.entry("case_rules", "of the house"),
          Map.entry("rule_switch", "of the house"),
          Map.entry("heartbeat", "of the house"),
          Map.entry("catch_up", "of the house"),
          Map.entry("digest", "of staff: how many cases a desk was told of at once"),
          Map.entry("rule_watch", "times of a case"),
          Map.entry("case_archive", "times of a case"),
          Map.entry("case_key", "what a case is found by, as it stands in the case"),
          Map.entry("rule_applied", "times of a case"),
          Map.entry("criticism", "of staff: why a desk was silent; cases by their ids alone"),
          Map.entry("root_cause", "a place and a kind, and how many told of it"),
          Map.entry("root_cause_case", "cases by their ids alone"),
          Map.entry("root_cause_due", "times of a case"),
          Map.entry("clock", "times of a case"),
          Map.entry("case_evaluation", "how a case went, by ids; nothing that was said"),
          Map.entry("case_exclusion", "of staff; cases by their ids alone"),
          Map.entry("case_exclusion_step", "of staff; cases by their ids alone"),
          Map.entry("time_request", "of staff; why is a note of the case"),
          Map.entry("case_return", "of staff; why is a note of the case"),
          Map.entry("admission", "of the house: what communities take on"),
          Map.entry("case_dispute", "of staff; what each says is a note of the case"),
          Map.entry("conference", "of staff: when and where; what is said is a note of the case"),
          Map.entry("conference_desk", "of staff; how they see it is a note of the case"),
          Map.entry("case_part", "of staff; the words are notes of the case"),
          Map.entry("box", "of the house"),
          Map.entry("box_keeper", "of staff"),
          Map.entry("box_opening", "of staff: how many slips there were"),
          Map.entry("box_slip_case", "which slip became which case, by ids"),
          Map.entry("visit_round", "of staff: who goes where"),
          Map.entry("visit_door_case", "which case came of which visit, by ids"),
          Map.entry("request", "what staff asked a head, by ids; the words are notes of the case"),
          Map.entry("alarm", "kind and time of a danger, whose case has no words any more"),
          Map.entry("alarm_call", "of the gateway"),
          Map.entry("second_factor", "of staff"),
          Map.entry("recovery_code", "of staff"),
          Map.entry("audit_unit", "of staff: by which units an entry of the audit is found"),
          Map.entry("audit_entry", "of staff; residents by the numbers of their cases"),
          Map.entry("setting_seen", "of the house"),
          Map.entry("secret_key", "of the house"));

  /// Tables of which nothing is handed out by itself, and why. Of the others something is in
  /// [PersonalDataStore#PARTS].
  ///
  /// What staff have finished is handed out: what the person was told, and what colleagues were
  /// told of their matter (notes, comments of a shift), which whoever hands it out reads first and
  /// may withhold from by the law. What they have only begun is not: nobody has been told it and
  /// nothing was decided by it, it may be struck out the next moment, and it is gone when it is
  /// sent or after a month. Erasing takes it all.
  static final Map<String, String> NOT_HANDED_OUT =
      Map.ofEntries(
          Map.entry("draft", "not said to anybody yet"),
          Map.entry("shift_draft", "not said to anybody yet"),
          Map.entry("case_words", "a copy of what is in the other parts"),
          Map.entry("address_tag", "the platform's number for the community of their home"),
          Map.entry("slip_code", "opens the page of a matter; what is there is handed out"),
          Map.entry("bind_code", "opens something, and for ten minutes"),
          Map.entry("bind_guess", "how often a wrong code was typed within the hour"),
          Map.entry("consent_code", "opens something, and for a while"),
          Map.entry("staff_question", "what was said as staff, for ten minutes"),
          Map.entry("request_question", "what was said as a head, for ten minutes"),
          Map.entry("staff_address", "of staff: which address is called"));

  private PersonalTables() {}

  /// All tables that are named here.
  static Set<String> all() {
    var all = new TreeSet<>(NOT_HELD.keySet());
    HELD.forEach(each -> all.add(each.table().replace("\"", "")));
    return all;
  }
}
