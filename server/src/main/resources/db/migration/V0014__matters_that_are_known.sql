-- What staff have said once for all who have the same matter, such as a water cut.

-- Not personal data: what staff publish.
CREATE TABLE known_matter (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- To be linked.
  code            text NOT NULL UNIQUE,
  territory_id    bigint NOT NULL REFERENCES territory,
  territory_path  text NOT NULL,
  category_code   text NOT NULL REFERENCES category,
  -- What residents read, as it stands; the end has words of its own in known_word.
  told            text NOT NULL,
  told_en         text,
  -- When there will be news, as residents were promised, and from when on it answers nobody new.
  next_at         timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  published_by    bigint NOT NULL REFERENCES staff,
  -- In whose name: where the publisher works.
  by_territory_id bigint NOT NULL REFERENCES territory,
  published_at    timestamptz NOT NULL,
  version         int NOT NULL DEFAULT 1,
  -- The newest version that all who joined are to hear, and since when.
  news_version    int NOT NULL DEFAULT 1,
  news_at         timestamptz NOT NULL,
  ended_at        timestamptz,
  ended_by        bigint REFERENCES staff,
  -- Taken back before it was meant, or left without an end: what had joined is handled by itself, and nobody hears of an end.
  withdrawn       boolean NOT NULL DEFAULT false,
  -- When the next of those who joined are told; null: all have been.
  tell_due_at     timestamptz,
  CHECK (expires_at >= next_at),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CHECK (NOT withdrawn OR ended_at IS NOT NULL)
);
CREATE INDEX known_matter_current ON known_matter (id) WHERE ended_at IS NULL;
CREATE INDEX known_matter_to_tell ON known_matter (tell_due_at) WHERE tell_due_at IS NOT NULL;
-- For the list of one place: what lies below it by prefix, what lies above it by its ancestors.
CREATE INDEX known_matter_by_place ON known_matter (territory_path text_pattern_ops, id);

-- Each thing that was said of it, for its page and for those of the residents.
CREATE TABLE known_word (
  matter_id  bigint NOT NULL REFERENCES known_matter,
  version    int NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('published', 'updated', 'extended', 'ended', 'withdrawn', 'released')),
  at         timestamptz NOT NULL,
  staff_id   bigint NOT NULL REFERENCES staff,
  told       text NOT NULL,
  told_en    text,
  next_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (matter_id, version)
);

-- Personal data, class: link to a case; basis and retention as the case has them.
CREATE TABLE known_join (
  case_id      bigint PRIMARY KEY REFERENCES "case",
  matter_id    bigint NOT NULL REFERENCES known_matter,
  at           timestamptz NOT NULL,
  -- null: by the resident
  staff_id     bigint REFERENCES staff,
  -- What the resident has heard of it last; 0: nothing yet.
  told_version int NOT NULL
);
CREATE INDEX known_join_to_tell ON known_join (matter_id, told_version, case_id);
CREATE INDEX known_join_in_order ON known_join (matter_id, case_id);
