-- Of each full tile the roots of its 16 blocks of 16 entries: a proof out of it reads one block and not the whole. Tiles that were full
-- before this table was made have none, and are hashed anew where they are asked for.
CREATE TABLE block_roots (
    tile INTEGER PRIMARY KEY CHECK (tile >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) = 512)
) STRICT;

CREATE TRIGGER block_roots_are_never_replaced BEFORE INSERT ON block_roots
WHEN EXISTS (SELECT 1 FROM block_roots WHERE tile = new.tile)
BEGIN SELECT raise(ABORT, 'what was recorded is never changed'); END;

CREATE TRIGGER block_roots_are_never_changed BEFORE UPDATE ON block_roots
BEGIN SELECT raise(ABORT, 'what was recorded is never changed'); END;

CREATE TRIGGER block_roots_are_never_deleted BEFORE DELETE ON block_roots
BEGIN SELECT raise(ABORT, 'what was recorded is never deleted'); END;
