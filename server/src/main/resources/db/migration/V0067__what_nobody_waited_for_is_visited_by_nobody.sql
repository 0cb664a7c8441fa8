-- What was found on patrol or by rule nobody told, and what its teller has withdrawn is seen to for safety alone: when it is
-- closed there is nobody to be asked, so it is neither visited nor left out. Null: written by the release before.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE case_evaluation ADD COLUMN IF NOT EXISTS nobody_to_visit boolean');
