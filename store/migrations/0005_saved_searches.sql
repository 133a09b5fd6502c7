-- Queries with a name; another query names one as search:NAME.
CREATE TABLE saved_search (
  key TEXT PRIMARY KEY,  -- the name without accents, case and punctuation
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The words that current texts hold and how many hold each, read from the index as it is: what a misspelt word may have meant.
CREATE VIRTUAL TABLE held_word USING fts5vocab('word_index', 'row');
