-- The log: what was recorded, as the exact bytes that were hashed. Nothing here is ever changed or taken away.

-- Consecutive entries of one tile. The hashes stand before the bundle, so that they are read without it.
CREATE TABLE segment (
    first_index INTEGER PRIMARY KEY CHECK (first_index >= 0),
    entry_count INTEGER NOT NULL CHECK (entry_count > 0 AND first_index % 256 + entry_count <= 256),
    leaf_hashes BLOB NOT NULL CHECK (length(leaf_hashes) = 32 * entry_count),
    bundle BLOB NOT NULL
) STRICT;

-- Roots of full tiles: level 1 covers 256 entries, level 2 covers 65,536, ….
CREATE TABLE tile_root (
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 7),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) WITHOUT ROWID, STRICT;

CREATE TRIGGER segment_goes_on_where_the_log_ends BEFORE INSERT ON segment
WHEN new.first_index <>
    coalesce((SELECT first_index + entry_count FROM segment ORDER BY first_index DESC LIMIT 1), 0)
BEGIN SELECT raise(ABORT, 'entries are appended where the log ends'); END;

CREATE TRIGGER segment_is_never_changed BEFORE UPDATE ON segment
BEGIN SELECT raise(ABORT, 'what was recorded is never changed'); END;

CREATE TRIGGER segment_is_never_deleted BEFORE DELETE ON segment
BEGIN SELECT raise(ABORT, 'what was recorded is never deleted'); END;

CREATE TRIGGER tile_root_is_never_replaced BEFORE INSERT ON tile_root
WHEN EXISTS (SELECT 1 FROM tile_root WHERE level = new.level AND position = new.position)
BEGIN SELECT raise(ABORT, 'what was recorded is never changed'); END;

CREATE TRIGGER tile_root_is_never_changed BEFORE UPDATE ON tile_root
BEGIN SELECT raise(ABORT, 'what was recorded is never changed'); END;

CREATE TRIGGER tile_root_is_never_deleted BEFORE DELETE ON tile_root
BEGIN SELECT raise(ABORT, 'what was recorded is never deleted'); END;
