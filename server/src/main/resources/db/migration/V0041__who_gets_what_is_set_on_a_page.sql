-- Who gets what is set on a page: by whom, since when, and why.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE routing_rule ADD COLUMN IF NOT EXISTS planned daterange,
                                             ADD COLUMN IF NOT EXISTS reason text NOT NULL DEFAULT '''',
                                             ADD COLUMN IF NOT EXISTS set_by bigint REFERENCES staff,
                                             ADD COLUMN IF NOT EXISTS set_at timestamptz,
                                             ADD COLUMN IF NOT EXISTS ended_by bigint REFERENCES staff,
                                             ADD COLUMN IF NOT EXISTS ended_at timestamptz,
                                             ADD COLUMN IF NOT EXISTS end_reason text');
COMMENT ON COLUMN routing_rule.category_code IS 'A kind of matter, or a group of kinds: then every kind below it; null: every kind.';
COMMENT ON COLUMN routing_rule.valid IS 'When it holds. Empty: it was taken back before it began, or on the day it did; cases still name it.';
COMMENT ON COLUMN routing_rule.planned IS 'When it was to hold as it was set; null: nobody set it on the page or by a file.';
COMMENT ON COLUMN routing_rule.set_by IS 'Null: it came by a file.';

-- What a change would have done with the cases of the last months, looked at before it is made. Kept with what was decided after it; what was
-- looked at and not decided is forgotten after a month. Ids of staff, desks and cases; no word that anybody said.
CREATE TABLE IF NOT EXISTS replay (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code         text NOT NULL UNIQUE,
  kind         text NOT NULL,
  -- Whose cases are looked at.
  territory_id bigint NOT NULL REFERENCES territory,
  asked_by     bigint NOT NULL REFERENCES staff,
  asked_at     timestamptz NOT NULL,
  change       jsonb NOT NULL,
  state        text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'complete', 'stopped', 'failed')),
  -- How far it is: cases that it concerns, and per cent of the way.
  cases        int NOT NULL DEFAULT 0,
  share        int NOT NULL DEFAULT 0,
  touched_at   timestamptz NOT NULL,
  outcome      jsonb,
  decided_at   timestamptz
);
CREATE INDEX IF NOT EXISTS replay_undecided ON replay (asked_at) WHERE decided_at IS NULL;
CALL do_giving_way('ALTER TABLE routing_rule ADD COLUMN IF NOT EXISTS replay_id bigint REFERENCES replay,
                                             ADD COLUMN IF NOT EXISTS end_replay_id bigint REFERENCES replay');
COMMENT ON COLUMN routing_rule.replay_id IS 'What whoever set it had looked at before.';
COMMENT ON COLUMN routing_rule.end_replay_id IS 'What whoever ended it had looked at before.';

-- Limits are changed on a page, too: each change is a new version, and each clock keeps the version by which it was set.
CALL do_giving_way('ALTER TABLE case_rules ADD COLUMN IF NOT EXISTS own jsonb NOT NULL DEFAULT ''{}'',
                                           ADD COLUMN IF NOT EXISTS change jsonb,
                                           ADD COLUMN IF NOT EXISTS set_by bigint REFERENCES staff,
                                           ADD COLUMN IF NOT EXISTS set_at timestamptz,
                                           ADD COLUMN IF NOT EXISTS replay_id bigint REFERENCES replay,
                                           ADD COLUMN IF NOT EXISTS taken_back_by bigint REFERENCES staff,
                                           ADD COLUMN IF NOT EXISTS taken_back_at timestamptz');
COMMENT ON COLUMN case_rules.valid_from IS 'Infinity: it was taken back before it began.';
COMMENT ON COLUMN case_rules.own IS 'By the code of a kind, the limits in which it differs from the catalogue: {"0102": {"contact": 12, "handling": "2 work_day"}}.';
COMMENT ON COLUMN case_rules.change IS 'In what it differs from the version before; null: it came with the house.';
