-- Words are sought in case_words since V0015, and no question of this release or the one before uses the index over the pieces of
-- titles. Every step that moves a case wrote all pieces of its title anew: half of what the row costs.
-- Not in a transaction (see the file beside it), and to be made again when it was cut short.
DROP INDEX CONCURRENTLY IF EXISTS case_by_words;
