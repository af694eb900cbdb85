-- Who signs in, and what they did. Moments are RFC 3339, UTC, nine decimals, as everywhere here. Of a secret there is its SHA-256.

-- Who may sign in: `name` is what `edit.actor` holds. What `grants` says is for who reads it. `password` is an argon2 hash in PHC form,
-- `totp` the sealed secret of an authenticator app, and `totp_step` the step of the last code that was taken. `issuer` and `subject`
-- are who an OpenID provider says it is.
CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    made_at TEXT NOT NULL,
    grants TEXT NOT NULL,
    rights_at TEXT NOT NULL,
    password TEXT,
    totp TEXT,
    totp_step BIGINT NOT NULL,
    issuer TEXT,
    subject TEXT,
    closed BIGINT NOT NULL CHECK (closed IN (0, 1))
);

-- Two names that differ in capitals would be taken for one.
CREATE UNIQUE INDEX account_lower ON account (LOWER(name));
CREATE UNIQUE INDEX account_identity ON account (issuer, subject);

-- A code that was used is no longer here.
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (name),
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);

-- A program that asks questions in the name of an account.
CREATE TABLE api_token (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    seen_at TEXT,
    revoked_at TEXT
);

CREATE INDEX api_token_account ON api_token (account);

-- These three are of the moment, and in no backup: who is signed in, on what devices somebody was before, and
-- attempts that failed.
CREATE TABLE session (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    begun_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    rotated_at TEXT NOT NULL,
    issuer TEXT,
    sid TEXT,
    device TEXT
);

CREATE INDEX session_account ON session (account);
CREATE INDEX session_sid ON session (issuer, sid);

CREATE TABLE device (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    seen_at TEXT NOT NULL
);

CREATE INDEX device_account ON device (account);

CREATE TABLE attempt (
    counter TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at TEXT NOT NULL
);

-- The audit log, a chain of marks. Whoever adds to it changes the row of `audit_head` first, so that records follow each other.
CREATE TABLE audit_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    records BIGINT NOT NULL,
    mark TEXT NOT NULL
);

INSERT INTO audit_head (one, records, mark)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE audit (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence >= 1),
    at TEXT NOT NULL,
    account TEXT,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    request TEXT NOT NULL,
    mark TEXT NOT NULL
);
