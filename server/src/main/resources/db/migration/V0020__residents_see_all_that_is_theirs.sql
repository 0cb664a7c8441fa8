-- Made while the release before goes on writing, and to be made again when it was cut short.

-- What a person waits for, newest first. Joined cases are closed for the desks and go on for the person; which of them have
-- ended with what they joined is looked up, and they are few. What is over is read off case_by_person.
DROP INDEX CONCURRENTLY IF EXISTS case_going_on_by_person;
CREATE INDEX CONCURRENTLY case_going_on_by_person ON "case" (person_id, id DESC) WHERE closed_at IS NULL OR state = 'MERGED';
