-- Pictures, voices and documents that go out; what comes in besides pictures and voices. Made while the release before goes on
-- writing, so not in a transaction (see the file beside it), and to be made again when it was cut short.

-- What staff send along with an answer. Until it is sent it waits beside the draft, its writer's alone.
-- Personal data, class: chat; basis: handling of the resident's matter; kept as the answer; unsent ones a month, or until erased.
CREATE TABLE IF NOT EXISTS enclosure (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- For the outside, in URLs.
  code       text NOT NULL UNIQUE,
  case_id    bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  staff_id   bigint NOT NULL REFERENCES staff,
  -- With which it was sent; null: not yet.
  answer_id  bigint REFERENCES case_answer ON DELETE CASCADE,
  kind       text NOT NULL CHECK (kind IN ('image', 'voice', 'file')),
  name       text NOT NULL,
  type       text NOT NULL,
  bytes      bigint NOT NULL,
  seconds    int NOT NULL,
  digest     bytea NOT NULL REFERENCES blob,
  at         timestamptz NOT NULL,
  -- Taken away, and not yet gone.
  removed_at timestamptz
);
CREATE INDEX IF NOT EXISTS enclosure_waiting ON enclosure (staff_id, case_id) WHERE answer_id IS NULL;
CREATE INDEX IF NOT EXISTS enclosure_of_answer ON enclosure (answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS enclosure_of_case ON enclosure (case_id);
-- Whoever lets go of a blob looks whether anything refers to it.
CREATE INDEX IF NOT EXISTS enclosure_by_digest ON enclosure (digest);
DROP INDEX CONCURRENTLY IF EXISTS attachment_by_digest;
CREATE INDEX CONCURRENTLY attachment_by_digest ON attachment (digest) WHERE digest IS NOT NULL;

-- What belongs to our own messages is here too, and needs no fetching.
ALTER TABLE attachment ADD COLUMN IF NOT EXISTS name text;
ALTER TABLE attachment DROP CONSTRAINT IF EXISTS attachment_kind_check,
  ADD CONSTRAINT attachment_kind_check CHECK (kind IN ('image', 'voice', 'video', 'file')) NOT VALID;

-- What the platform itself counts of an account, a day at a time; asked for in the morning after it.
CREATE TABLE IF NOT EXISTS account_day (
  channel     text NOT NULL,
  account     text NOT NULL,
  day         date NOT NULL,
  came        bigint,
  went        bigint,
  total       bigint,
  writers     bigint,
  messages    bigint,
  calls       bigint,
  failures    bigint,
  slowest     bigint,
  attempts    int NOT NULL DEFAULT 0,
  -- Null: it was answered, or given up.
  next_due_at timestamptz,
  told_at     timestamptz,
  PRIMARY KEY (channel, account, day)
);
CREATE INDEX IF NOT EXISTS account_day_due ON account_day (next_due_at) WHERE next_due_at IS NOT NULL;

-- Tags of followers by where they live. Which there are, as the platform has them.
CREATE TABLE IF NOT EXISTS territory_tag (
  channel      text NOT NULL,
  account      text NOT NULL,
  territory_id bigint NOT NULL REFERENCES territory,
  -- The platform's id of it.
  tag          bigint NOT NULL,
  name         text NOT NULL,
  PRIMARY KEY (channel, account, territory_id)
);
-- Which one a follower has there.
-- Personal data, class: address; basis: being told what concerns one's own community; erased when the person leaves.
CREATE TABLE IF NOT EXISTS address_tag (
  address_id bigint PRIMARY KEY REFERENCES address,
  tag        bigint NOT NULL
);
-- How far the round through the followers of an account has come.
CREATE TABLE IF NOT EXISTS tag_round (
  channel       text NOT NULL,
  account       text NOT NULL,
  after_address bigint NOT NULL DEFAULT 0,
  next_due_at   timestamptz NOT NULL,
  ended_at      timestamptz,
  PRIMARY KEY (channel, account)
);
