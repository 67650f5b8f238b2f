-- 身份承诺: the salts of the commitments in the log, gone with the person. Whoever was recorded before has none until they are recorded again.
ALTER TABLE person ADD COLUMN name_salt BLOB;
ALTER TABLE person ADD COLUMN number_salt BLOB;
-- Whether the log is known to hold the commitments made with them.
ALTER TABLE person ADD COLUMN committed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX person_to_commit ON person (member) WHERE committed = 0 AND name_salt IS NOT NULL;
