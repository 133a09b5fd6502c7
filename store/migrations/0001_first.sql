-- Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`; days are `YYYY-MM-DD`; lists are JSON.

-- What is polled, with what its last polls left behind. Never deleted: no longer configured is inactive.
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  lang TEXT,
  checked INTEGER NOT NULL,
  active INTEGER NOT NULL,
  added_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'new',
  reason TEXT NOT NULL DEFAULT '',
  etag TEXT,
  last_modified TEXT,
  body_sha256 TEXT,
  last_polled_at TEXT,
  last_success_at TEXT,
  next_poll_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  interval_s INTEGER NOT NULL DEFAULT 3600
) STRICT;
CREATE INDEX source_due ON source (active, next_poll_at);

-- The bytes of one response or imported file, kept for ever. `chain` is the SHA-256 of the row before and this row.
CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  final_url TEXT NOT NULL,
  status INTEGER NOT NULL,
  fetched_at TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  record_sha256 TEXT NOT NULL,
  file TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  imported_from TEXT NOT NULL,
  chain TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX capture_place ON capture (file, offset);
CREATE TRIGGER capture_is_never_changed BEFORE UPDATE ON capture
BEGIN SELECT RAISE(ABORT, 'a capture is never changed'); END;
CREATE TRIGGER capture_is_never_deleted BEFORE DELETE ON capture
BEGIN SELECT RAISE(ABORT, 'a capture is never deleted'); END;

-- The number of captures and the last link of their chain: shows that the last rows were removed.
CREATE TABLE chain_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  captures INTEGER NOT NULL,
  chain TEXT NOT NULL
) STRICT;
INSERT INTO chain_head VALUES (1, 0, '');

-- One address with its history. `order_id` is its place in time (see store/places.py); derived from the current version.
CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  order_id INTEGER NOT NULL UNIQUE,
  site TEXT NOT NULL,
  lang TEXT NOT NULL,
  published_at TEXT,
  published_on TEXT,
  date_source TEXT NOT NULL,
  dated_in_future INTEGER NOT NULL,
  first_seen_at TEXT NOT NULL,
  first_seen_on TEXT NOT NULL,
  relevant INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  current_id INTEGER REFERENCES version (id) DEFERRABLE INITIALLY DEFERRED,
  versions INTEGER NOT NULL,
  source_id INTEGER REFERENCES source (id),
  present_at TEXT,
  absent_since TEXT,
  last_read_at TEXT,
  next_reading_at TEXT,
  reading_state TEXT NOT NULL DEFAULT '',
  reading_reason TEXT NOT NULL DEFAULT '',
  tagged_by TEXT NOT NULL DEFAULT '',
  signed_by TEXT NOT NULL DEFAULT '',
  copy_group INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX article_current ON article (current_id);
CREATE INDEX article_published ON article (published_on, order_id);
CREATE INDEX article_seen ON article (first_seen_at);
CREATE INDEX article_relevant ON article (relevant, order_id);
CREATE INDEX article_tagging ON article (relevant, tagged_by, id);
CREATE INDEX article_signing ON article (relevant, signed_by, id);
CREATE INDEX article_reading ON article (next_reading_at) WHERE next_reading_at IS NOT NULL;
CREATE INDEX article_absent ON article (absent_since) WHERE absent_since IS NOT NULL;
CREATE INDEX article_copy_group ON article (copy_group);
CREATE INDEX article_source ON article (source_id);
CREATE TRIGGER article_is_never_deleted BEFORE DELETE ON article
BEGIN SELECT RAISE(ABORT, 'an article is never deleted'); END;

-- Every address an article was ever known by.
CREATE TABLE address (
  url TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article (id),
  added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_article ON address (article_id);

-- One text of an article. `words_sha256` tells texts apart whatever their commas, case and counters; `text_sha256` is of the exact title, text, summary and authors.
CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article (id),
  number INTEGER NOT NULL,
  seen_at TEXT NOT NULL,
  capture_id INTEGER REFERENCES capture (id),
  words_sha256 TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  authors TEXT NOT NULL,
  summary TEXT NOT NULL,
  published_at TEXT,
  modified_at TEXT,
  lang TEXT,
  access TEXT NOT NULL,
  rest TEXT NOT NULL,
  UNIQUE (article_id, number)
) STRICT;
CREATE INDEX version_seen ON version (seen_at);
CREATE TRIGGER version_is_never_changed BEFORE UPDATE ON version
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER version_is_never_deleted BEFORE DELETE ON version
BEGIN SELECT RAISE(ABORT, 'a version is never deleted'); END;

-- The words of current versions, folded, by order_id. Derived: rebuilt from version.
CREATE VIRTUAL TABLE article_words USING fts5 (
  title, text, author,
  content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- One item a source lists, and what became of it (state: pending, kept, unkept, known, or why it failed).
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source (id),
  key TEXT NOT NULL,
  url TEXT NOT NULL,
  content BLOB NOT NULL,
  content_sha256 TEXT NOT NULL,
  title TEXT NOT NULL,
  published_at TEXT,
  first_seen_at TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT,
  article_id INTEGER REFERENCES article (id),
  UNIQUE (source_id, key)
) STRICT;
CREATE INDEX entry_url ON entry (url);
CREATE INDEX entry_due ON entry (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX entry_article ON entry (article_id) WHERE article_id IS NOT NULL;

-- What an entry's page said when the rule did not keep it, so that a changed rule reaches back.
CREATE TABLE unkept (
  entry_id INTEGER PRIMARY KEY REFERENCES entry (id),
  capture_id INTEGER REFERENCES capture (id),
  reading BLOB NOT NULL,
  read_at TEXT NOT NULL
) STRICT;
CREATE INDEX unkept_read ON unkept (read_at);

-- A known address that is not captured yet, and who named it.
CREATE TABLE lead (
  url TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  published_at TEXT,
  site TEXT NOT NULL,
  named_by TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

-- The leads that no article has the address of.
CREATE VIEW open_lead AS
  SELECT lead.* FROM lead
  WHERE NOT EXISTS (SELECT 1 FROM address WHERE address.url = lead.url);

-- One change seen in an article already known: edited, absent or back.
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article (id),
  what TEXT NOT NULL,
  detail TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  version_id INTEGER REFERENCES version (id),
  capture_id INTEGER REFERENCES capture (id)
) STRICT;
CREATE INDEX change_seen ON change (seen_at);
CREATE INDEX change_article ON change (article_id);

-- Who or what is named; `key` is its name in folded words.
CREATE TABLE entity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
) STRICT;

-- A name at a place in a version's text. Derived.
CREATE TABLE mention (
  version_id INTEGER NOT NULL REFERENCES version (id),
  entity_id INTEGER NOT NULL REFERENCES entity (id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  text TEXT NOT NULL,
  kind TEXT NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX mention_version ON mention (version_id, start);
CREATE INDEX mention_entity ON mention (entity_id, version_id);

-- A dated expression at a place in a version's text. Derived.
CREATE TABLE date_mention (
  version_id INTEGER NOT NULL REFERENCES version (id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  text TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  precision TEXT NOT NULL,
  inferred INTEGER NOT NULL,
  basis TEXT NOT NULL
) STRICT;
CREATE INDEX date_mention_version ON date_mention (version_id, start);

-- Words somebody is said to have spoken, at a place in a version's text. Derived.
CREATE TABLE quote (
  version_id INTEGER NOT NULL REFERENCES version (id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  text TEXT NOT NULL,
  speaker TEXT,
  verb TEXT
) STRICT;
CREATE INDEX quote_version ON quote (version_id, start);

-- Which tagger read a version, and in which language. Derived.
CREATE TABLE tagging (
  version_id INTEGER PRIMARY KEY REFERENCES version (id),
  tagger TEXT NOT NULL,
  lang TEXT NOT NULL,
  tagged_at TEXT NOT NULL
) STRICT;

-- One sentence of an article's current version that dates something. Derived.
CREATE TABLE dated_sentence (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article (id),
  sentence TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  position INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  precision TEXT NOT NULL,
  inferred INTEGER NOT NULL,
  entities TEXT NOT NULL
) STRICT;
CREATE INDEX dated_sentence_article ON dated_sentence (article_id);
CREATE INDEX dated_sentence_days ON dated_sentence (from_on, to_on);

-- The days whose dated sentences changed since events were last built from them. Derived.
CREATE TABLE stale_days (
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  PRIMARY KEY (from_on, to_on)
) STRICT, WITHOUT ROWID;

-- One band of a text's MinHash signature: near duplicates share at least one. Derived.
CREATE TABLE copy_band (
  band INTEGER NOT NULL,
  value INTEGER NOT NULL,
  article_id INTEGER NOT NULL REFERENCES article (id),
  PRIMARY KEY (band, value, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_band_article ON copy_band (article_id);

-- The meaning of an article as little-endian 32-bit floats, to find translations. Derived.
CREATE TABLE vector (
  article_id INTEGER PRIMARY KEY REFERENCES article (id),
  ordered_at TEXT NOT NULL,
  floats BLOB NOT NULL
) STRICT;
CREATE INDEX vector_ordered ON vector (ordered_at);

-- Article `article_id` repeats the text of article `of_id`. Derived.
CREATE TABLE copy (
  article_id INTEGER NOT NULL REFERENCES article (id),
  of_id INTEGER NOT NULL REFERENCES article (id),
  kind TEXT NOT NULL,
  score REAL NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (article_id, of_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_of ON copy (of_id);

-- Articles on one development. Derived.
CREATE TABLE story (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  independent_sources INTEGER NOT NULL,
  origin_id INTEGER REFERENCES article (id)
) STRICT;
CREATE INDEX story_last ON story (last_at);

-- Which articles belong to which story, the earliest first. Derived.
CREATE TABLE story_article (
  story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES article (id),
  place INTEGER NOT NULL,
  PRIMARY KEY (story_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_article_article ON story_article (article_id);

-- Something that happened on a date; `score` orders by importance. Derived.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  precision TEXT NOT NULL,
  text TEXT NOT NULL,
  lang TEXT NOT NULL,
  independent_sources INTEGER NOT NULL,
  score REAL NOT NULL,
  inferred INTEGER NOT NULL,
  entities TEXT NOT NULL
) STRICT;
CREATE INDEX event_days ON event (from_on, to_on);
CREATE INDEX event_score ON event (score);

-- The passage of one article that says an event happened. Derived.
CREATE TABLE citation (
  event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  article_id INTEGER NOT NULL REFERENCES article (id),
  sentence TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  PRIMARY KEY (event_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX citation_article ON citation (article_id);

-- What a person noted on an article: star, read, tag or note.
CREATE TABLE annotation (
  article_id INTEGER NOT NULL REFERENCES article (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (article_id, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_kind ON annotation (kind, value);

-- What one list is sent on one local date, as it was chosen.
CREATE TABLE digest (
  list_name TEXT NOT NULL,
  on_date TEXT NOT NULL,
  made_at TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (list_name, on_date)
) STRICT;

-- The handing over of one digest to one recipient, written after the mail server's answer.
CREATE TABLE delivery (
  list_name TEXT NOT NULL,
  on_date TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  message_id TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (list_name, on_date, recipient),
  FOREIGN KEY (list_name, on_date) REFERENCES digest (list_name, on_date)
) STRICT;

-- One pass of the pipeline: when, and what came of it.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  status TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;
CREATE INDEX run_ended ON run (ended_at);
