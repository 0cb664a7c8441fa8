-- What those who lead see to themselves is reported on every working day: on how many it was to be, and on how many it was.
-- Null: written by the release before, and counted nowhere.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE case_evaluation ADD COLUMN IF NOT EXISTS reports_due int CHECK (reports_due >= 0),
                                                ADD COLUMN IF NOT EXISTS reports_made int CHECK (reports_made >= 0)');
