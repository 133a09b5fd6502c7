-- All of this is derived from articles and versions, and is filled anew by `vigie rebuild` (see store/indexing.py).

-- By which rules each derived part was made, and when.
CREATE TABLE IF NOT EXISTS derived (
  part TEXT PRIMARY KEY,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

DROP TABLE article_words;

-- The exact folded words of current versions, by order_id: for phrases, proximity, prefixes and authors. Words are already cut and folded (see model/words.py): `ascii` keeps every other character in its word.
CREATE VIRTUAL TABLE word_index USING fts5 (
  title, text, author,
  content = '', columnsize = 0, tokenize = 'ascii'
);

-- What each current version is found by alone, by order_id, each once: its stems, their marks and the article's labels (see store/terms.py).
CREATE VIRTUAL TABLE stem_index USING fts5 (
  terms,
  content = '', columnsize = 0, detail = none, tokenize = "ascii tokenchars '~^!-=*'"
);

-- The same of the versions that are no longer current, by version.id.
CREATE VIRTUAL TABLE old_word_index USING fts5 (
  title, text, author,
  content = '', columnsize = 0, tokenize = 'ascii'
);
CREATE VIRTUAL TABLE old_stem_index USING fts5 (
  terms,
  content = '', columnsize = 0, detail = none, tokenize = "ascii tokenchars '~^!-=*'"
);

-- What an article can be labelled with (its source, its month, an entity, a star), and how many articles are, of them how many relevant.
CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  facet TEXT NOT NULL,
  value TEXT NOT NULL,
  articles INTEGER NOT NULL DEFAULT 0,
  relevant INTEGER NOT NULL DEFAULT 0,
  UNIQUE (facet, value)
) STRICT;

CREATE INDEX label_articles ON label (facet, articles);
CREATE INDEX label_relevant ON label (facet, relevant);

-- The labels of each article, one character each (see store/labels.py): those that facets count, and the others.
CREATE TABLE article_label (
  order_id INTEGER PRIMARY KEY,
  labels TEXT NOT NULL,
  others TEXT NOT NULL
) STRICT;
