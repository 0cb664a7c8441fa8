-- How long a desk may return what it was sent, how long that is decided on, how long a look and a view are waited for: limits like the others.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short. A version that the release before sets has the limits that the house came with.
CALL do_giving_way('ALTER TABLE case_rules ADD COLUMN IF NOT EXISTS return_window text NOT NULL DEFAULT ''4 work_hour'',
                                           ADD COLUMN IF NOT EXISTS return_decision text NOT NULL DEFAULT ''2 work_hour'',
                                           ADD COLUMN IF NOT EXISTS looking text NOT NULL DEFAULT ''2 work_hour'',
                                           ADD COLUMN IF NOT EXISTS viewing text NOT NULL DEFAULT ''1 work_day''');
COMMENT ON COLUMN case_rules.return_window IS 'So long after it was sent to a desk that desk may return it.';
COMMENT ON COLUMN case_rules.return_decision IS 'So long the desk of the level has to decide on that.';
COMMENT ON COLUMN case_rules.looking IS 'So long whoever looks before it is accepted is waited for.';
COMMENT ON COLUMN case_rules.viewing IS 'So long the other desk of a dispute is waited for.';

-- What seems to complain about staff by name is kept from them until somebody above has looked.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS suspected text,
                                       ADD COLUMN IF NOT EXISTS told_in_confidence boolean');
COMMENT ON COLUMN "case".suspected IS 'Words of whoever told it by which staff seem to be named, until somebody has said whether it is a complaint; erased with the case.';
COMMENT ON COLUMN "case".told_in_confidence IS 'Of what was suspected: whether it is told in confidence also where it is no complaint.';
