-- Heads of buildings and groups, and grid workers, are asked to look at something. They hold no case for it and no clock of one.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS request (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id     bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  -- For the page on which it is answered; at least 60 random bits.
  code        text NOT NULL UNIQUE,
  asked_by    bigint NOT NULL REFERENCES staff,
  head_id     bigint NOT NULL REFERENCES staff,
  -- Whether the case waits for it, being looked at before it is accepted.
  look        boolean NOT NULL,
  photo       boolean NOT NULL,
  question_id bigint NOT NULL REFERENCES case_note,
  asked_at    timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  -- In a chat; null: not told, or nowhere to be told.
  told_at     timestamptz,
  answer_id   bigint REFERENCES case_note,
  outcome     text CHECK (outcome IN ('good', 'bad', 'cannot', 'told')),
  answered_at timestamptz,
  -- Said in the chat, in words alone: so it may have been meant for somebody else.
  words_only  boolean NOT NULL DEFAULT false,
  -- Nobody needs to know any more.
  ended_at    timestamptz,
  -- When they are to be told, then when the desk is told that there was no answer; null: nothing more happens by itself.
  next_due_at timestamptz,
  CHECK ((outcome IS NULL) = (answered_at IS NULL))
);
COMMENT ON TABLE request IS
  'What staff asked a head to look at, by ids; the words are notes of the case, and erased with it. Class: of staff. Basis: public duty. Retention: as the case. Never counted by head.';
CREATE INDEX IF NOT EXISTS request_of_case ON request (case_id, id);
CREATE INDEX IF NOT EXISTS request_due ON request (next_due_at, id) WHERE next_due_at IS NOT NULL;
-- What somebody may answer now, or has just answered.
CREATE INDEX IF NOT EXISTS request_told ON request (head_id, told_at) WHERE told_at IS NOT NULL AND ended_at IS NULL;

-- What one of several was said to, as long as it is asked back.
CREATE TABLE IF NOT EXISTS request_question (
  address_id  bigint PRIMARY KEY REFERENCES address ON DELETE CASCADE,
  staff_id    bigint NOT NULL REFERENCES staff,
  request_ids bigint[] NOT NULL,
  text        text CHECK (length(text) <= 4000),
  message_ids bigint[] NOT NULL DEFAULT '{}',
  expires_at  timestamptz NOT NULL
);
COMMENT ON TABLE request_question IS
  'Personal data. Class: what a head said as such in a chat, until it is known to what. Basis: public duty. Retention: ten minutes.';

-- Until when whoever speaks there may be answering what they were asked, so that such a turn runs alone.
CALL do_giving_way('ALTER TABLE conversation ADD COLUMN IF NOT EXISTS asked_until timestamptz');
COMMENT ON COLUMN conversation.asked_until IS 'Until when a head may answer here what they were asked; null: nothing was asked.';

-- What is told of neighbours is told in confidence, whoever tells it.
CALL do_giving_way('ALTER TABLE category ADD COLUMN IF NOT EXISTS about_neighbours boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN category.about_neighbours IS 'Whether it is a complaint about neighbours, and so told in confidence.';
UPDATE category SET about_neighbours = true WHERE NOT about_neighbours AND code IN ('0408', '0701', '0703', '0704');

-- One word more for each, beside whatever others have added.
DO $$
DECLARE
  is_now text;
BEGIN
  SELECT pg_get_constraintdef(oid) INTO is_now FROM pg_constraint WHERE conrelid = 'clock'::regclass AND conname = 'clock_kind_check';
  IF is_now NOT LIKE '%''look''%' THEN
    CALL do_giving_way('ALTER TABLE clock DROP CONSTRAINT clock_kind_check, ADD CONSTRAINT clock_kind_check '
      || replace(replace(is_now, 'ARRAY[', 'ARRAY[''look''::text, '), ' NOT VALID', '') || ' NOT VALID');
  END IF;
END $$;
ALTER TABLE clock VALIDATE CONSTRAINT clock_kind_check;
DO $$
DECLARE
  is_now text;
BEGIN
  SELECT pg_get_constraintdef(oid) INTO is_now FROM pg_constraint WHERE conrelid = 'errand'::regclass AND conname = 'errand_why_check';
  IF is_now NOT LIKE '%''replied''%' THEN
    CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT errand_why_check, ADD CONSTRAINT errand_why_check '
      || replace(replace(is_now, 'ARRAY[', 'ARRAY[''replied''::text, ''unreplied''::text, '), ' NOT VALID', '') || ' NOT VALID');
  END IF;
END $$;
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
