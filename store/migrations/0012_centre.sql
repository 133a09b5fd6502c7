-- What the whole of the affair's coverage is about, counted one article at a time (see nlp/events/centre.py).

-- How many articles of the affair hold something: one of the `words` or capitalised `names` by their first letters, of the `entities`, of the days `named` or `published`. Derived.
CREATE TABLE centre (
  what TEXT NOT NULL,
  key TEXT NOT NULL,
  articles INTEGER NOT NULL,
  PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

-- What each article added to these counts, compressed, so that it can be taken out again. Derived.
CREATE TABLE counted (
  article_id INTEGER PRIMARY KEY REFERENCES article (id),
  held BLOB NOT NULL
) STRICT;

-- The articles whose share in these counts may be another now. Derived.
CREATE TABLE uncounted (
  article_id INTEGER PRIMARY KEY REFERENCES article (id)
) STRICT;

-- A day's sentences are read as they stand in this index, those that name it first.
DROP INDEX dated_sentence_days;
CREATE INDEX dated_sentence_days ON dated_sentence (from_on, to_on, inferred, article_id);

-- The weightiest events of a day are compared with those of the days around.
CREATE INDEX event_day_score ON event (from_on, score);

-- Events that may be one, told of other days: `conflicting` where both cannot be right. Derived.
CREATE TABLE event_other (
  event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  other_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  conflicting INTEGER NOT NULL,
  PRIMARY KEY (event_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_other_of ON event_other (other_id);
