-- People, log-ins and local codes: everything personal, erasable, beside the log and never in it.
CREATE TABLE person (
    member INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    number TEXT UNIQUE
) STRICT;

-- 公开姓名同意: without a row, a name is published masked.
CREATE TABLE name_consent (
    member INTEGER PRIMARY KEY,
    given_at TEXT NOT NULL
) STRICT;

-- A household's code in the street's own files, so that the log can name it by an opaque id.
CREATE TABLE household (
    code TEXT PRIMARY KEY,
    household INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- Bearer tokens: only their SHA-256 is kept.
CREATE TABLE token (
    digest BLOB PRIMARY KEY,
    actor TEXT NOT NULL,
    member INTEGER,
    grants TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;
