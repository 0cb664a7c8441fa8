package io.linyu.community.audit;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the audit knows of: all of it. Each has its words on the page under `audit.what.<word>`.
public enum Deed {
  SIGNED_IN,
  /// Without a name when nobody has it: what was typed may be a password in the wrong field.
  SIGN_IN_FAILED,
  /// Not even tried: too many had failed. Once a minute for each address, however often it comes.
  SIGN_IN_REFUSED,
  SIGNED_OUT,
  SECOND_FACTOR_FAILED,
  RECOVERY_CODE_USED,
  SECOND_FACTOR_ON,
  SECOND_FACTOR_OFF,
  SECOND_FACTOR_RESET,
  RECOVERY_CODES_MADE,
  PASSWORD_SET,
  STAFF_ADDED,
  STAFF_CHANGED,
  STAFF_LEFT,
  IMPORTED,
  SERVER_STARTED,
  SETTING_CHANGED,
  MENU_PUBLISHED,
  /// Whether residents get through was tried at once, and not at its time.
  CHANNEL_PROBED,
  /// What the platform had told us to leave alone is tried again, before its time.
  CHANNEL_RESUMED,
  BACKED_UP,
  RESTORED,
  KEY_ROTATED,
  KEY_FORGOTTEN,
  /// Two persons were found to be one, and that was taken back. By numbers of their cases.
  PEOPLE_JOINED,
  PEOPLE_PARTED,
  /// Two persons were looked at side by side, and who has a telephone number was looked for and
  /// found. By numbers of their cases.
  PERSON_COMPARED,
  PERSON_SOUGHT,
  /// Somebody has talked to a person on their number.
  PHONE_VERIFIED,
  /// Who may act for a person was looked at, written down, ended, renewed, or given a code to take
  /// it by. By the number of a case of theirs.
  CONSENTS_SEEN,
  CONSENT_RECORDED,
  CONSENT_ENDED,
  CONSENT_RENEWED,
  CONSENT_CODE_DRAWN,
  /// All that is held on a person was handed out, or erased.
  PERSON_EXPORTED,
  PERSON_ERASED,
  KNOWN_PUBLISHED,
  KNOWN_UPDATED,
  KNOWN_ENDED,
  KNOWN_WITHDRAWN,
  /// A case was to be published as an example; that was taken down.
  EXAMPLE_PROPOSED,
  EXAMPLE_WITHDRAWN,
  /// A chat in which a member of staff is called.
  STAFF_ADDRESS_BOUND,
  STAFF_ADDRESS_UNBOUND,
  /// A code by which a head who does not sign in binds their chat, drawn by the desk beside them.
  STAFF_CODE_DRAWN,
  DESK_ORDER_CHANGED,
  /// When somebody is away was said, or that they are here again.
  ABSENCE_SET,
  ABSENCE_ENDED,
  /// When a desk works was set, or that was taken back before it began.
  DESK_HOURS_SET,
  DESK_HOURS_TAKEN_BACK,
  /// A telephone number of a colleague was looked at, to call them.
  STAFF_NUMBER_SEEN,
  STAFF_REACHED,
  /// A list of cases was taken away as a table, and how much of it.
  CASES_EXPORTED,
  CASES_EXPORT_ENDED,
  /// A case, or the first of a list, was put on paper.
  CASE_PRINTED,
  CASES_PRINTED,
  /// A desk changed its person, and what was taken back of it.
  SHIFT_HANDED_OVER,
  SHIFT_WITHDRAWN,
  SHIFT_TAKEN_OVER,
  SHIFT_GIVEN_BACK,
  SHIFT_PRINTED,
  /// Staff looked at what a resident had handed in on the page of their matter.
  PAPER_OPENED,
  /// The code on the slip of somebody without a telephone was drawn anew.
  SLIP_CODE_DRAWN,
  /// A telephone number of a resident was looked at, to call them.
  RESIDENT_NUMBER_SEEN,
  /// An opinion box was hung up, taken down, or given other keepers; two opened it; it was sealed.
  BOX_CHANGED,
  BOX_OPENED,
  BOX_SEALED,
  /// Staff looked at a case of another unit, and why; or wanted to, and there was none that is
  /// looked at so.
  CASE_LOOKED,
  LOOK_REFUSED,
  /// Who gets what: a rule was set, ended, or taken back before it began.
  ROUTING_SET,
  ROUTING_ENDED,
  ROUTING_TAKEN_BACK,
  /// How long something may take was changed, or that was taken back before it began.
  LIMIT_SET,
  LIMIT_TAKEN_BACK,
  /// Whether a rule acts by itself was changed.
  RULE_SET,
  /// A desk has said why it was silent; that this is struck off its list was asked for, and decided
  /// by the next level; the list was taken away.
  CRITICISM_ANSWERED,
  CRITICISM_DISPUTED,
  CRITICISM_DECIDED,
  CRITICISMS_EXPORTED,
  /// What communities take on, or not: written down, or ended.
  ADMISSION_SET,
  ADMISSION_ENDED,
  /// That a case is left out of the figures was proposed; it was confirmed, refused or taken back.
  EXCLUSION_PROPOSED,
  EXCLUSION_DECIDED,
  /// Figures, or which cases are behind one, were taken away.
  FIGURES_EXPORTED,
  AUDIT_EXPORTED,
  /// What was older than the settings want it kept.
  AUDIT_FORGOTTEN;

  /// Those that tell what somebody has looked at, or taken away: who leads a unit sees them of it.
  private static final Set<Deed> LOOKS =
      EnumSet.of(
          CASE_LOOKED,
          LOOK_REFUSED,
          STAFF_NUMBER_SEEN,
          RESIDENT_NUMBER_SEEN,
          PERSON_COMPARED,
          PERSON_SOUGHT,
          CONSENTS_SEEN,
          PAPER_OPENED,
          CASES_EXPORTED,
          CASE_PRINTED,
          CASES_PRINTED,
          SHIFT_PRINTED,
          CRITICISMS_EXPORTED,
          FIGURES_EXPORTED,
          AUDIT_EXPORTED);

  public boolean isLook() {
    return LOOKS.contains(this);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Empty for a word of another release.
  public static Optional<Deed> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
