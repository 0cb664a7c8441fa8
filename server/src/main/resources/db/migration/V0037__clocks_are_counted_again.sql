-- Clocks that run in working time are counted again when the calendar changes, and found by the calendar that they were counted
-- with. To be made again when it was cut short.

DROP INDEX CONCURRENTLY IF EXISTS clock_by_calendar;
CREATE INDEX CONCURRENTLY clock_by_calendar ON clock (split_part(rule, ' by ', 2), case_id, kind, started_at)
 WHERE stopped_at IS NULL AND rule LIKE '% work%';

-- Without, PostgreSQL guesses how many there are of one calendar.
ANALYZE clock;
