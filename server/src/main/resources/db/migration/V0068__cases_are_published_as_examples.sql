-- What was done is told in public as an example (公开案例, T34): in words of staff that lead to nobody, and only once whoever told
-- it has read them and agreed.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_example (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Of its page, which is public: nothing leads from it to the case.
  code          text NOT NULL UNIQUE,
  case_id       bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  -- What was agreed to names no place below it, and this kind, whatever is corrected later.
  community_id  bigint NOT NULL REFERENCES territory,
  category_code text NOT NULL,
  title         text NOT NULL CHECK (length(title) BETWEEN 1 AND 40),
  told          text NOT NULL CHECK (length(told) BETWEEN 1 AND 500),
  done          text NOT NULL CHECK (length(done) BETWEEN 1 AND 500),
  state         text NOT NULL CHECK (state IN ('asked', 'public', 'declined', 'silent', 'taken_back', 'withdrawn', 'replaced')),
  proposed_by   bigint NOT NULL REFERENCES staff,
  proposed_at   timestamptz NOT NULL,
  -- Null: nobody has to be asked, or it is not the time of day for it yet.
  told_at       timestamptz,
  published_at  timestamptz,
  ended_at      timestamptz,
  next_due_at   timestamptz,
  CHECK ((state = 'public') <= (published_at IS NOT NULL)),
  CHECK ((state IN ('asked', 'public')) = (ended_at IS NULL))
);
COMMENT ON TABLE case_example IS 'What is told in public of a case, by staff, and whether whoever told it agreed. Personal by its case; basis: consent. Retention: as the case; erased with its person.';
-- All texts of a case, the last first; and one that counts.
CREATE INDEX IF NOT EXISTS case_example_of_case ON case_example (case_id, id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS case_example_once ON case_example (case_id) WHERE ended_at IS NULL;
-- The board, and that of one community, the newest first.
CREATE INDEX IF NOT EXISTS case_example_public ON case_example (published_at DESC, id DESC) WHERE state = 'public';
CREATE INDEX IF NOT EXISTS case_example_of_community ON case_example (community_id, published_at DESC, id DESC) WHERE state = 'public';
CREATE INDEX IF NOT EXISTS case_example_due ON case_example (next_due_at) WHERE next_due_at IS NOT NULL;
