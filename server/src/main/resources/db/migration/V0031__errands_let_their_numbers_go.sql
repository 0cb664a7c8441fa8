-- What somebody may still answer in a chat is few, and stands in an index of its own; when a number was used last is looked up
-- for each number. Without them every call reads all that somebody was ever called to.
-- Not in a transaction (see the file beside it), and to be made again when it was cut short.
DROP INDEX CONCURRENTLY IF EXISTS errand_to_answer;
CREATE INDEX CONCURRENTLY errand_to_answer ON errand (staff_id, told_at)
 WHERE state IN ('told', 'passed', 'acknowledged');
DROP INDEX CONCURRENTLY IF EXISTS errand_numbers;
CREATE INDEX CONCURRENTLY errand_numbers ON errand (staff_id, number, told_at) WHERE number IS NOT NULL;
