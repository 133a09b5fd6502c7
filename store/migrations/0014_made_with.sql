-- What a changed rule, name or model can change: by what the results before were made, and how far the affair was judged anew.

-- By what each tagger and each rule that left something worked: names, models, rules, compressed. Derived.
CREATE TABLE made_with (
  what TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  facts BLOB NOT NULL,
  noted_at TEXT NOT NULL,
  PRIMARY KEY (what, fingerprint)
) STRICT, WITHOUT ROWID;

-- Which versions another tagger read.
CREATE INDEX tagging_by ON tagging (tagger, version_id);

-- By which rule the articles held were judged last, in the one row there is: `upto` is the last article judged by `rule`, none left where `before` is empty too.
CREATE TABLE judging (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  rule TEXT NOT NULL,
  before TEXT NOT NULL,
  upto INTEGER,
  judged_at TEXT NOT NULL
) STRICT;
