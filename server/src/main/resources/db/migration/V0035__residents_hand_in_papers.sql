-- What residents hand in on the page of their matter: documents, which their chat takes from nobody.
--
-- To be made again when it was cut short. Each one is a message of theirs with its attachment, so the release before shows it, hands it
-- out and erases it as whatever came by chat.

-- Which messages came so, by whose page, and under which key, so that what is sent again does not arrive twice.
-- Ids, and keys that pages made up. Kept as long as the case.
CREATE TABLE IF NOT EXISTS handed_in (
  -- No foreign key: as everywhere, nobody waits for one on messages (V0012).
  message_id bigint PRIMARY KEY,
  case_id    bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  -- The first of the consents by which somebody handed it in for the person; null: they did it themselves.
  consent_id bigint REFERENCES consent,
  key        text NOT NULL CHECK (length(key) BETWEEN 16 AND 64),
  at         timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS handed_in_by_case ON handed_in (case_id, message_id);
