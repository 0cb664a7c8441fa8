-- Desks that were silent until a case was raised (E2) are on a list; what they say of it, and who has struck it off.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS criticism (
  -- Which entry of `rule_applied`: E2, raised, not tried out.
  case_id       bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  occasion      timestamptz NOT NULL,
  -- That was silent.
  desk_id       bigint NOT NULL REFERENCES desk,
  -- Why, as that desk says. Null: it has said nothing.
  words         text CHECK (length(words) BETWEEN 1 AND 300),
  said_by       bigint REFERENCES staff,
  said_at       timestamptz,
  -- Why it is to be struck off, and who asks for that. Null: nobody has.
  asked_why     text CHECK (length(asked_why) BETWEEN 1 AND 300),
  asked_by      bigint REFERENCES staff,
  -- For which place they lead. Null: it is the desk itself that asks.
  asked_place   bigint REFERENCES territory,
  asked_at      timestamptz,
  -- What the next level has decided on that. Null: nobody has.
  struck        boolean,
  decided_why   text CHECK (length(decided_why) BETWEEN 1 AND 300),
  decided_by    bigint REFERENCES staff,
  decided_place bigint REFERENCES territory,
  decided_at    timestamptz,
  PRIMARY KEY (case_id, occasion),
  CHECK ((words IS NULL) = (said_by IS NULL) AND (words IS NULL) = (said_at IS NULL)),
  CHECK ((asked_by IS NULL) = (asked_why IS NULL) AND (asked_place IS NULL OR asked_by IS NOT NULL) AND (asked_by IS NULL) = (asked_at IS NULL)),
  CHECK ((decided_by IS NULL) = (struck IS NULL) AND (decided_by IS NULL) = (decided_why IS NULL)
         AND (decided_by IS NULL) = (decided_place IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT decided_by_another CHECK (decided_by IS NULL OR decided_by <> asked_by AND asked_by IS NOT NULL)
);
COMMENT ON TABLE criticism IS
  'What a desk says of its silence, and who of staff asks and decides that it is struck off the list; cases by their ids alone. Basis: public duty, assessment of the work. Retention: as the case.';
-- What waits to be decided on.
CREATE INDEX IF NOT EXISTS criticism_waits ON criticism (case_id, occasion) WHERE asked_by IS NOT NULL AND decided_by IS NULL;
