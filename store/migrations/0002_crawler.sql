-- What the configuration says of a source beyond its columns (watch, selector, fetch, article), as JSON.
ALTER TABLE source ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- The address that is asked in the place of `url`, once a week of permanent redirects agreed on it.
ALTER TABLE source ADD COLUMN address TEXT;
-- Where a permanent redirect leads, and since when without another answer.
ALTER TABLE source ADD COLUMN moved_to TEXT;
ALTER TABLE source ADD COLUMN moved_since TEXT;
-- When its body last came whole, whatever the validators.
ALTER TABLE source ADD COLUMN full_read_at TEXT;
-- When it last listed something new, and how many seconds usually lie between two such polls.
ALTER TABLE source ADD COLUMN last_new_at TEXT;
ALTER TABLE source ADD COLUMN rhythm_s INTEGER;
-- What its last whole listing called itself, its language, and the site that answered.
ALTER TABLE source ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN listed_lang TEXT;
ALTER TABLE source ADD COLUMN answered_by TEXT;

-- Something about a source that a person should look at (what: takeover, volume, shared-guid, moved, gone).
CREATE TABLE source_notice (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source (id),
  what TEXT NOT NULL,
  detail TEXT NOT NULL,
  noticed_at TEXT NOT NULL,
  settled_at TEXT
) STRICT;
CREATE INDEX source_notice_open ON source_notice (source_id, what) WHERE settled_at IS NULL;

-- Since when an entry is no longer listed; NULL while its source lists it.
ALTER TABLE entry ADD COLUMN unlisted_since TEXT;
-- Whether an entry came with an unusual volume: kept like any other, told in no digest.
ALTER TABLE entry ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_listed ON entry (source_id, key) WHERE unlisted_since IS NULL;
ALTER TABLE article ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;

-- What is known of an origin (scheme, host, port) between two passes: its robots.txt and the rest it is given. Derived.
CREATE TABLE origin (
  url TEXT PRIMARY KEY,
  facts BLOB NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What repeats across the pages of one site, as crawler/ learnt it. Derived.
CREATE TABLE site_memory (
  site TEXT PRIMARY KEY,
  memory BLOB NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The token (RFC 3161) by which a time stamping authority attests the head of the capture chain.
CREATE TABLE stamp (
  captures INTEGER PRIMARY KEY,
  chain TEXT NOT NULL,
  authority TEXT NOT NULL,
  stamped_at TEXT NOT NULL,
  token BLOB NOT NULL
) STRICT;
CREATE TRIGGER stamp_is_never_changed BEFORE UPDATE ON stamp
BEGIN SELECT RAISE(ABORT, 'a stamp is never changed'); END;
CREATE TRIGGER stamp_is_never_deleted BEFORE DELETE ON stamp
BEGIN SELECT RAISE(ABORT, 'a stamp is never deleted'); END;
