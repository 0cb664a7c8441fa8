-- Finding one among a million. Made while the release before goes on writing, so none of it in a transaction (see the file
-- beside it). What was cut short leaves an index that is not valid: it is made again.

-- The single characters of a title, and each pair of neighbours: Chinese words have no spaces between them.
CREATE OR REPLACE FUNCTION title_pieces(title text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT array_agg(DISTINCT substr(title, i, n)) FROM generate_series(1, length(title)) i, generate_series(1, 2) n
$$;

-- What has not been sorted in yet is read by every search, so that must not become much.
DROP INDEX CONCURRENTLY IF EXISTS case_by_words;
CREATE INDEX CONCURRENTLY case_by_words ON "case" USING gin (title_pieces(title)) WITH (gin_pending_list_limit = 256);

-- By the beginning of a number, whatever language the database sorts by.
DROP INDEX CONCURRENTLY IF EXISTS case_by_number;
CREATE INDEX CONCURRENTLY case_by_number ON "case" (number text_pattern_ops);

-- By its last four digits, which is what people say on the telephone. They are in one group, without a hyphen.
DROP INDEX CONCURRENTLY IF EXISTS case_by_last_digits;
CREATE INDEX CONCURRENTLY case_by_last_digits ON "case" (right(number, 4));

-- Until it has looked at them, PostgreSQL does not know which words are common, and reads everything.
ANALYZE "case";
