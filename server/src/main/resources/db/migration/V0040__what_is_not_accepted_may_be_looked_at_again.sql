-- What was reported may be rejected, and whoever told it may ask once that another desk looks at it.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS rejected_desk_id bigint REFERENCES desk,
                                       ADD COLUMN IF NOT EXISTS rejected_staff_id bigint REFERENCES staff,
                                       ADD COLUMN IF NOT EXISTS appealed_at timestamptz');
COMMENT ON COLUMN "case".rejected_desk_id IS 'The desk that rejected it, first: it does not decide on the appeal. Null: none has.';
COMMENT ON COLUMN "case".rejected_staff_id IS 'Who rejected it there.';
COMMENT ON COLUMN "case".appealed_at IS 'When whoever told it asked for another look; they may once.';
