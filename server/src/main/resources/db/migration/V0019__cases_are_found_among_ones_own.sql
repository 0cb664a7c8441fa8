-- A case that another desk has than that of its community is marked with that desk: so whoever seeks words among a million
-- cases asks the index for those of their own circle alone. Their words are written anew, as due work; before that, they are
-- found by number and along the lists.
INSERT INTO case_words_due (case_id, next_due_at)
SELECT c.id, now() FROM "case" c JOIN desk d ON d.id = c.desk_id
 WHERE d.territory_id IS DISTINCT FROM c.community_id
ON CONFLICT DO NOTHING;
COMMENT ON COLUMN case_words.marks IS
  '`t` and the id of the node it lies in and of each around it; `p` and the id of the person; `d` and the id of the desk, unless that is the one of its community';
