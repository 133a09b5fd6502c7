-- Each time this database was put back from a backup. Mails sent after that backup was made are not
-- known here: whoever may have had one is not written to again before a person says so.
CREATE TABLE restored (
  id INTEGER PRIMARY KEY,
  backup_at TEXT NOT NULL,
  restored_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER restored_is_never_deleted BEFORE DELETE ON restored
BEGIN SELECT RAISE(ABORT, 'a restore is never forgotten'); END;
