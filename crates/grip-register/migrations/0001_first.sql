-- Only TEXT and BIGINT: what SQLite and PostgreSQL both have and sqlx's Any reads from both. No row is ever changed or removed,
-- but for the one of `head`.

-- How many edits there are. Whoever writes changes this row first, so that edits follow each other, and become visible in the
-- order of their numbers.
CREATE TABLE head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    edits BIGINT NOT NULL
);

INSERT INTO head (one, edits) VALUES (1, 0);

-- What somebody did in one go: who, when (RFC 3339, UTC, nine decimals, never before the edit before it), and why.
CREATE TABLE edit (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number >= 1),
    actor TEXT NOT NULL,
    written_at TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX edit_written_at ON edit (written_at);

-- An object as it was from an edit on. Versions count from 1.
CREATE TABLE version (
    object_id TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    edit BIGINT NOT NULL REFERENCES edit (number),
    kind TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'change', 'withdraw', 'undo')),
    withdrawn BIGINT NOT NULL CHECK (withdrawn IN (0, 1)),
    document TEXT NOT NULL,
    PRIMARY KEY (object_id, number)
);

CREATE INDEX version_kind ON version (kind, object_id);
CREATE INDEX version_edit ON version (edit);

-- What a version can be found by.
CREATE TABLE term (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    object_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (name, value, object_id, number),
    FOREIGN KEY (object_id, number) REFERENCES version (object_id, number)
);

CREATE INDEX term_version ON term (object_id, number);

-- Whether two objects are tied to each other in a role, from an edit on.
CREATE TABLE link (
    source TEXT NOT NULL,
    role TEXT NOT NULL,
    target TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    edit BIGINT NOT NULL REFERENCES edit (number),
    present BIGINT NOT NULL CHECK (present IN (0, 1)),
    PRIMARY KEY (source, role, target, number)
);

CREATE INDEX link_target ON link (target, role);
CREATE INDEX link_edit ON link (edit);
