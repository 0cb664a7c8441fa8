-- What is closed, narrowed to one kind or to what was urgent, is read in its order by those who see a desk, a community or a
-- street, and not looked for among all that is closed there. Opening a case does not touch these; closing one writes them once.
-- Not in a transaction (see the file beside it), and to be made again when it was cut short.
DROP INDEX CONCURRENTLY IF EXISTS case_closed_by_desk_and_category;
CREATE INDEX CONCURRENTLY case_closed_by_desk_and_category ON "case" (desk_id, category_code, closed_at, id)
 WHERE closed_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS case_closed_by_community_and_category;
CREATE INDEX CONCURRENTLY case_closed_by_community_and_category ON "case" (community_id, category_code, closed_at, id)
 WHERE closed_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS case_closed_by_street_and_category;
CREATE INDEX CONCURRENTLY case_closed_by_street_and_category ON "case" (street_id, category_code, closed_at, id)
 WHERE closed_at IS NOT NULL;

-- One in twenty.
DROP INDEX CONCURRENTLY IF EXISTS case_urgent_closed_by_desk;
CREATE INDEX CONCURRENTLY case_urgent_closed_by_desk ON "case" (desk_id, urgency, closed_at, id)
 WHERE closed_at IS NOT NULL AND urgency IN ('emergency', 'critical');
DROP INDEX CONCURRENTLY IF EXISTS case_urgent_closed_by_community;
CREATE INDEX CONCURRENTLY case_urgent_closed_by_community ON "case" (community_id, urgency, closed_at, id)
 WHERE closed_at IS NOT NULL AND urgency IN ('emergency', 'critical');
DROP INDEX CONCURRENTLY IF EXISTS case_urgent_closed_by_street;
CREATE INDEX CONCURRENTLY case_urgent_closed_by_street ON "case" (street_id, urgency, closed_at, id)
 WHERE closed_at IS NOT NULL AND urgency IN ('emergency', 'critical');
DROP INDEX CONCURRENTLY IF EXISTS case_urgent_closed;
CREATE INDEX CONCURRENTLY case_urgent_closed ON "case" (urgency, closed_at, id)
 WHERE closed_at IS NOT NULL AND urgency IN ('emergency', 'critical');
