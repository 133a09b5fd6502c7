-- What is derived from texts here is found anew by the rules that come with this schema.
DROP TABLE copy_band;

-- One print of a text (see nlp/retellings/prints.py): texts that share a passage share some. Derived.
CREATE TABLE print (
  value INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (value, article_id)
) STRICT, WITHOUT ROWID;

-- The prints of each text as little-endian signed 32-bit numbers, by which its rows of `print` are found. Derived.
CREATE TABLE text_prints (
  article_id INTEGER PRIMARY KEY REFERENCES article (id),
  numbers BLOB NOT NULL
) STRICT;

DROP TABLE vector;

-- The meaning of what an article opens with: 512 signed bytes, of which only the direction counts. Derived.
CREATE TABLE vector (
  article_id INTEGER PRIMARY KEY REFERENCES article (id),
  ordered_at TEXT NOT NULL,
  numbers BLOB NOT NULL
) STRICT;
CREATE INDEX vector_ordered ON vector (ordered_at, article_id);

-- How much of the copy is shared, where both hold the longest passages, what else they share, by what the direction is known, and which versions were compared.
ALTER TABLE copy ADD COLUMN share REAL NOT NULL DEFAULT 1;
ALTER TABLE copy ADD COLUMN runs TEXT NOT NULL DEFAULT '[]';
ALTER TABLE copy ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE copy ADD COLUMN direction TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE copy ADD COLUMN version_id INTEGER REFERENCES version (id);
ALTER TABLE copy ADD COLUMN of_version_id INTEGER REFERENCES version (id);

-- How many sites carry a story, by what its origin is known, whom it is credited to where that is not held, and whether all of this is to be counted anew.
ALTER TABLE story ADD COLUMN carriers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN origin_by TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE story ADD COLUMN origin_name TEXT NOT NULL DEFAULT '';
ALTER TABLE story ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
CREATE INDEX story_stale ON story (stale, id);

-- Whom an article names as its source, at a place in its text; `of_id` is the article meant, where its story holds it. Derived.
CREATE TABLE credit (
  article_id INTEGER NOT NULL REFERENCES article (id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  name TEXT NOT NULL,
  said INTEGER NOT NULL,
  of_id INTEGER REFERENCES article (id),
  PRIMARY KEY (article_id, start)
) STRICT, WITHOUT ROWID;

-- What a person decided: an article left a story, or joined that of another article. `members` are the articles of the story it was in.
CREATE TABLE story_decision (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES article (id),
  with_id INTEGER REFERENCES article (id),
  members TEXT NOT NULL,
  made_at TEXT NOT NULL,
  undone_at TEXT
) STRICT;
CREATE INDEX story_decision_article ON story_decision (article_id);
CREATE INDEX story_decision_with ON story_decision (with_id) WHERE with_id IS NOT NULL;

-- Which articles a decision keeps an article apart from.
CREATE TABLE story_apart (
  decision_id INTEGER NOT NULL REFERENCES story_decision (id),
  article_id INTEGER NOT NULL REFERENCES article (id),
  apart_id INTEGER NOT NULL REFERENCES article (id),
  PRIMARY KEY (article_id, apart_id, decision_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_apart_other ON story_apart (apart_id, article_id);

DROP VIEW copies;
-- Which article repeats which, how that shows, and the hashes of both texts as they were compared.
CREATE VIEW copies AS
  SELECT c.article_id, a.site, v.title, c.kind, c.score, c.of_id, o.site AS of_site,
    w.title AS of_title, c.evidence, c.share, c.direction, c.runs, c.facts,
    (SELECT text_sha256 FROM version WHERE id = c.version_id) AS text_sha256,
    (SELECT text_sha256 FROM version WHERE id = c.of_version_id) AS of_text_sha256
  FROM copy c JOIN article a ON a.id = c.article_id JOIN version v ON v.id = a.current_id
    JOIN article o ON o.id = c.of_id JOIN version w ON w.id = o.current_id;

DROP VIEW stories;
-- Developments, who was first to tell them, and how that is known.
CREATE VIEW stories AS
  SELECT s.id, s.title, s.first_at, s.last_at, s.independent_sources,
    (SELECT count(*) FROM story_article WHERE story_id = s.id) AS articles,
    s.origin_id AS first_told_by, a.site AS first_told_on, s.carriers,
    s.origin_by AS first_known_by, s.origin_name AS first_credited_to
  FROM story s LEFT JOIN article a ON a.id = s.origin_id;

-- Whom articles name as their source.
CREATE VIEW credits AS
  SELECT c.article_id, a.site, c.name, c.of_id, c.start, c."end" FROM credit c
    JOIN article a ON a.id = c.article_id;

-- What people decided about stories, and what they took back.
CREATE VIEW story_decisions AS
  SELECT id, what, article_id, with_id, made_at, undone_at FROM story_decision;
