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
