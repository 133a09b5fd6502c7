-- Which events name whom, by the name without accents, case and punctuation: filled after this by store/events.py.
CREATE TABLE event_entity (
  key TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  PRIMARY KEY (key, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_entity_event ON event_entity (event_id);
