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
CREATE INDEX source_notice_of ON source_notice (source_id, what);

-- Since when an entry is no longer listed; NULL while its source lists it.
ALTER TABLE entry ADD COLUMN unlisted_since TEXT;
-- Whether an entry came with an unusual volume: kept like any other, told in no digest.
ALTER TABLE entry ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_held ON entry (source_id) WHERE state = 'held';
CREATE INDEX entry_listed ON entry (source_id, key) WHERE unlisted_since IS NULL;
ALTER TABLE article ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;

-- What is known of an origin (scheme, host, port) between two passes: its robots.txt and the rest it is given. Derived.
CREATE TABLE origin (
  url TEXT PRIMARY KEY,
  facts BLOB NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX origin_expires ON origin (expires_at);

-- One part of a sitemap index as it was last read; `changed` is what the index said of when it changed.
CREATE TABLE source_part (
  source_id INTEGER NOT NULL REFERENCES source (id),
  url TEXT NOT NULL,
  changed TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  body_sha256 TEXT,
  read_at TEXT NOT NULL,
  PRIMARY KEY (source_id, url)
) STRICT, WITHOUT ROWID;

-- What repeats across the pages of one site, as crawler/ learnt it. Derived.
CREATE TABLE site_memory (
  site TEXT PRIMARY KEY,
  memory BLOB NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Until which capture a link is made of the whole row; the links after are made of the row's SHA-256, so that a proof of one capture names no other.
ALTER TABLE chain_head ADD COLUMN whole_until INTEGER NOT NULL DEFAULT 0;
UPDATE chain_head SET whole_until = captures;

-- The answer (RFC 3161) by which a time stamping authority attests the head of the capture chain.
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

-- What is still listed, or belongs to an article, is let go by nobody (see store/retention.py).
CREATE TRIGGER entry_listed_or_kept_is_never_deleted BEFORE DELETE ON entry
WHEN OLD.unlisted_since IS NULL OR OLD.article_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an entry that is listed or kept is never deleted'); END;

-- When an article was last seen present before the change that says it is absent.
ALTER TABLE change ADD COLUMN present_at TEXT;

-- By which rule (a hash of it) an unkept reading was judged last.
ALTER TABLE unkept ADD COLUMN judged_by TEXT NOT NULL DEFAULT '';
CREATE INDEX unkept_judged ON unkept (judged_by, entry_id);

-- What ever answered at an address.
CREATE INDEX capture_url ON capture (url);
CREATE INDEX capture_final_url ON capture (final_url);
