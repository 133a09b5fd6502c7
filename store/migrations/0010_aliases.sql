-- What the configuration names and by which other names, as it stood at the last pass. Derived.
CREATE TABLE watched (
  key TEXT NOT NULL,  -- as entity.key
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  alias TEXT NOT NULL,
  PRIMARY KEY (key, alias)
) STRICT, WITHOUT ROWID;

-- How each entity is written, and who says that it is meant.
CREATE VIEW aliases AS
  SELECT w.name AS entity, w.kind, w.alias AS written, 'configuration' AS origin,
    (SELECT count(*) FROM mention m JOIN entity e ON e.id = m.entity_id
      WHERE e.key = w.key AND m.text = w.alias) AS mentions
  FROM watched w
  UNION ALL
  SELECT e.name, e.kind, m.text, m.by, count(*)
  FROM mention m JOIN entity e ON e.id = m.entity_id
  WHERE NOT EXISTS (SELECT 1 FROM watched w WHERE w.key = e.key AND w.alias = m.text)
  GROUP BY m.entity_id, m.text, m.by;
