-- Who is whom: what each text calls an entity, what the rules made of that, and what a person decided instead.

-- What a person decided, never deleted: `merge` (`key` is whom, `other_key` into whom), `split` and `alias` (`key` is a name, `other_key` whom it means), `rename`. Keys of entities stay what they are whatever is made again.
CREATE TABLE entity_decision (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  other_key TEXT NOT NULL,
  other TEXT NOT NULL,
  was TEXT NOT NULL,
  entity_kind TEXT NOT NULL,
  article_id INTEGER REFERENCES article (id),
  made_at TEXT NOT NULL,
  undone_at TEXT
) STRICT;
CREATE INDEX entity_decision_key ON entity_decision (key, kind) WHERE undone_at IS NULL;
CREATE INDEX entity_decision_other ON entity_decision (other_key) WHERE undone_at IS NULL;
CREATE TRIGGER entity_decision_is_never_deleted BEFORE DELETE ON entity_decision
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted: it is undone'); END;
CREATE TRIGGER entity_decision_is_only_undone BEFORE UPDATE ON entity_decision
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.id <> OLD.id
  OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR NEW.name <> OLD.name
  OR NEW.other_key <> OLD.other_key OR NEW.other <> OLD.other OR NEW.was <> OLD.was
  OR NEW.entity_kind <> OLD.entity_kind OR NEW.made_at <> OLD.made_at
  OR NEW.article_id IS NOT OLD.article_id
BEGIN SELECT RAISE(ABORT, 'a decision is undone once, and never changed'); END;

-- The name that the rules gave it, where `name` is what a person calls it; and into whom a person merged it.
ALTER TABLE entity ADD COLUMN own_name TEXT NOT NULL DEFAULT '';
ALTER TABLE entity ADD COLUMN into_id INTEGER REFERENCES entity (id);
UPDATE entity SET own_name = name;
CREATE INDEX entity_into ON entity (into_id) WHERE into_id IS NOT NULL;

-- The names an entity goes by, and why. Derived.
CREATE TABLE entity_name (
  key TEXT NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  reason TEXT NOT NULL,
  looked INTEGER NOT NULL,
  PRIMARY KEY (key, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_name_entity ON entity_name (entity_id);
CREATE INDEX entity_name_unlooked ON entity_name (entity_id, key) WHERE looked = 0;
INSERT INTO entity_name SELECT key, id, name, 'text', 'same name', 0 FROM entity;

-- Under what an entity is looked for when a text names somebody (see nlp/names/joining.py). Derived.
CREATE TABLE entity_lookup (
  lookup TEXT NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity (id) ON DELETE CASCADE,
  PRIMARY KEY (lookup, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_lookup_entity ON entity_lookup (entity_id);

-- Whom each text means by a name, and why: `own_id` is what the rules say, `entity_id` what holds. Derived.
CREATE TABLE joining (
  version_id INTEGER NOT NULL REFERENCES version (id),
  called TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  own_id INTEGER NOT NULL REFERENCES entity (id),
  entity_id INTEGER NOT NULL REFERENCES entity (id),
  reason TEXT NOT NULL,
  doubt TEXT NOT NULL,
  via TEXT NOT NULL,
  could_be TEXT NOT NULL,
  decision_id INTEGER REFERENCES entity_decision (id),
  mentions INTEGER NOT NULL,
  quotes INTEGER NOT NULL,
  PRIMARY KEY (version_id, called)
) STRICT, WITHOUT ROWID;
CREATE INDEX joining_entity ON joining (entity_id, version_id);
CREATE INDEX joining_own ON joining (own_id);
CREATE INDEX joining_key ON joining (key);
CREATE INDEX joining_quoted ON joining (entity_id, version_id) WHERE quotes > 0;

-- What the text calls whom a mention names, as `joining` has it.
ALTER TABLE mention ADD COLUMN called TEXT NOT NULL DEFAULT '';
UPDATE mention SET called = (SELECT name FROM entity WHERE id = entity_id);
INSERT INTO joining
SELECT m.version_id, e.name, e.key, e.kind, e.id, e.id, 'same name', 'none', '', '[]', NULL, count(*),
  (SELECT count(*) FROM quote q WHERE q.version_id = m.version_id AND q.speaker = e.name)
FROM mention m JOIN entity e ON e.id = m.entity_id GROUP BY m.version_id, e.id;

-- The versions whose joinings a decision may change, until that is done. Derived.
CREATE TABLE stale_joining (
  version_id INTEGER PRIMARY KEY REFERENCES version (id)
) STRICT;

-- Who and what is named in the current texts; whoever was merged into another is that one.
DROP VIEW entities;
CREATE VIEW entities AS
  SELECT e.id, e.name, e.kind, count(DISTINCT a.id) AS articles, count(a.id) AS mentions,
    min(coalesce(a.published_on, a.first_seen_on)) AS first_on,
    max(coalesce(a.published_on, a.first_seen_on)) AS last_on
  FROM entity e LEFT JOIN mention m ON m.entity_id = e.id
    LEFT JOIN article a ON a.current_id = m.version_id
  WHERE EXISTS (SELECT 1 FROM mention n WHERE n.entity_id = e.id)
  GROUP BY e.id;

-- Whom each text means by a name, and why, in current and older texts.
CREATE VIEW joinings AS
  SELECT v.article_id, v.number AS version, v.id = a.current_id AS is_current, j.called,
    e.name AS entity, e.kind, iif(j.decision_id IS NULL, j.reason, 'decided') AS why, j.doubt,
    j.via AS known_name, (SELECT group_concat(value, '; ') FROM json_each(j.could_be)) AS could_be,
    j.decision_id, j.mentions, j.quotes, v.title
  FROM joining j JOIN entity e ON e.id = j.entity_id JOIN version v ON v.id = j.version_id
    JOIN article a ON a.id = v.article_id;

-- What people decided of who is whom.
CREATE VIEW decisions AS
  SELECT id, kind, name, other, was, article_id, made_at, undone_at FROM entity_decision;
