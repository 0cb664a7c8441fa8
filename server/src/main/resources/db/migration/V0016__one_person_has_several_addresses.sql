-- One person, several addresses.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- What was said to somebody goes to where they spoke last, unless they chose an address. A merge changes nothing here, so
-- undoing one has nothing to put back.
ALTER TABLE address ADD COLUMN IF NOT EXISTS chosen_at timestamptz;

-- As whom this person is known now. Addresses and cases have moved there; the profile stays here as it was.
ALTER TABLE person ADD COLUMN IF NOT EXISTS merged_into bigint REFERENCES person;

-- Two persons were found to be one. Rows are added and never changed, but that an undoing is noted and that erasing a person
-- empties the reason.
-- Personal data, class: identifier (ids only, and why in the words of staff); basis: handling of the person's own matter;
-- kept as long as the person is.
CREATE TABLE IF NOT EXISTS person_merge (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kept_id     bigint NOT NULL REFERENCES person,
  gone_id     bigint NOT NULL REFERENCES person,
  at          timestamptz NOT NULL,
  -- Null: the resident, by a code.
  staff_id    bigint REFERENCES staff,
  reason      text,
  -- What moved.
  address_ids bigint[] NOT NULL,
  case_ids    bigint[] NOT NULL,
  -- Which parts of the profile the one had from the other, having none of its own.
  filled      text[] NOT NULL,
  undone_at   timestamptz,
  -- Null while it is in force, and when the resident undid it.
  undone_by   bigint REFERENCES staff,
  CHECK (kept_id <> gone_id),
  CHECK (undone_by IS NULL OR undone_at IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS person_merge_by_kept ON person_merge (kept_id, id);
CREATE INDEX IF NOT EXISTS person_merge_by_gone ON person_merge (gone_id, id);

-- A number is verified when a member of staff has talked to the person on it. Gone when the number changes.
-- Personal data, class: contact; basis: handling of the person's own matter; kept as long as the number.
CREATE TABLE IF NOT EXISTS phone_verification (
  person_id bigint PRIMARY KEY REFERENCES person,
  at        timestamptz NOT NULL,
  staff_id  bigint NOT NULL REFERENCES staff
);

-- What somebody types at another address of theirs. Works once and for ten minutes; kept as a keyed hash.
-- Personal data, class: identifier; basis: the person asked for it; deleted within a day.
CREATE TABLE IF NOT EXISTS bind_code (
  hash       bytea PRIMARY KEY,
  address_id bigint NOT NULL REFERENCES address,
  expires_at timestamptz NOT NULL,
  -- Who typed it, and has still to say yes.
  claimed_by bigint REFERENCES address
);
CREATE INDEX IF NOT EXISTS bind_code_by_address ON bind_code (address_id);
CREATE INDEX IF NOT EXISTS bind_code_by_claim ON bind_code (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS bind_code_by_end ON bind_code (expires_at);

-- Wrong codes of one address within the hour that began then.
-- Personal data, class: identifier; basis: protection of other persons' data; deleted within a day.
CREATE TABLE IF NOT EXISTS bind_guess (
  address_id bigint PRIMARY KEY REFERENCES address,
  since      timestamptz NOT NULL,
  wrong      int NOT NULL
);
CREATE INDEX IF NOT EXISTS bind_guess_by_time ON bind_guess (since);

-- Whether anybody else has the same picture, when a person is erased.
DROP INDEX CONCURRENTLY IF EXISTS attachment_by_digest;
CREATE INDEX CONCURRENTLY attachment_by_digest ON attachment (digest) WHERE digest IS NOT NULL;

-- What was sent and received by a person's addresses; the other indexes of `outbound` know only what is not over.
DROP INDEX CONCURRENTLY IF EXISTS outbound_of_address;
CREATE INDEX CONCURRENTLY outbound_of_address ON outbound (address_id);
DROP INDEX CONCURRENTLY IF EXISTS attachment_by_address;
CREATE INDEX CONCURRENTLY attachment_by_address ON attachment (address_id);
DROP INDEX CONCURRENTLY IF EXISTS hearing_by_address;
CREATE INDEX CONCURRENTLY hearing_by_address ON hearing (address_id);
