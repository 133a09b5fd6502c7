-- One line for each version, change and time stamp, in the order in which they were entered; `chain` is the SHA-256 of the link before and of the SHA-256 of this line. `late` is 1 where the row is older than the ledger: such rows are entered by this migration (see store/ledger.py).
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  row_sha256 TEXT NOT NULL,
  late INTEGER NOT NULL,
  salt TEXT NOT NULL,
  chain TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_row ON ledger (kind, row_id);
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END;
CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is never deleted'); END;

-- The number of lines and the last link of their chain: shows that the last lines were removed.
CREATE TABLE ledger_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  lines INTEGER NOT NULL,
  chain TEXT NOT NULL
) STRICT;
INSERT INTO ledger_head VALUES (1, 0, '');

-- What was seen is told as it was noted.
CREATE TRIGGER change_is_never_changed BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'a change is never changed'); END;
CREATE TRIGGER change_is_never_deleted BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'a change is never deleted'); END;

-- Nothing is saved beside the ledger: not by an older program that is still at work, nor by mistake.
CREATE TRIGGER version_is_entered_first AFTER INSERT ON version
WHEN NOT EXISTS (SELECT 1 FROM ledger WHERE kind = 'version' AND row_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a version is entered in the ledger first'); END;
CREATE TRIGGER change_is_entered_first AFTER INSERT ON change
WHEN NOT EXISTS (SELECT 1 FROM ledger WHERE kind = 'change' AND row_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a change is entered in the ledger first'); END;
CREATE TRIGGER stamp_is_entered_first AFTER INSERT ON stamp
WHEN NOT EXISTS (SELECT 1 FROM ledger WHERE kind = 'stamp' AND row_id = NEW.captures)
BEGIN SELECT RAISE(ABORT, 'a stamp is entered in the ledger first'); END;

-- With a trigger that may refuse it, SQLite looks for the changes that wait for a new version.
CREATE INDEX change_version ON change (version_id);

-- Up to which line of the ledger a stamp attests it; NULL where it attests captures alone.
ALTER TABLE stamp ADD COLUMN lines INTEGER;
