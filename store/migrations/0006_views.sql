-- What is held under plain names, for people with SQLite or Datasette: docs/reference/schema.md describes each column. No view shows a login, a key or a recipient; the program itself asks the tables.

-- Addresses as they may be shown, by what they are: without a login, and cut where what follows holds a token or a key (what model/secrets.py hides is hidden here).
CREATE VIEW shown_address AS
  SELECT url, iif(
    tail LIKE '%token%=%' OR tail LIKE '%key%=%' OR tail LIKE '%secret%=%'
    OR tail LIKE '%passw%=%' OR tail LIKE '%auth%=%' OR tail LIKE '%sig%=%',
    head || '?...', head || tail) AS address
  FROM (
    SELECT url, substr(plain, 1, cut - 1) AS head, substr(plain, cut) AS tail
    FROM (
      SELECT url, plain, instr(replace(replace(plain, '&', '?'), ';', '?') || '?', '?') AS cut
      FROM (
        SELECT url, scheme || substr(rest, 1 + length(
          rtrim(substr(rest, 1, host), replace(substr(rest, 1, host), '@', '')))) AS plain
        FROM (
          SELECT url, scheme, rest, instr(
            replace(replace(replace(rest, '?', '/'), '#', '/'), '\', '/') || '/', '/') - 1 AS host
          FROM (
            SELECT url, substr(url, 1, length(url) - length(rest)) AS scheme, rest
            FROM (
              SELECT url, ltrim(substr(url, instr(url, ':') + 1), '/') AS rest
              FROM (
                SELECT url FROM source
                UNION ALL SELECT url FROM article
                UNION ALL SELECT url FROM entry
                UNION ALL SELECT url FROM capture
                UNION ALL SELECT final_url FROM capture)))))));

-- What is polled, and how it goes.
CREATE VIEW sources AS
  SELECT s.id, s.name, (SELECT address FROM shown_address WHERE url = s.url) AS address, s.kind,
    s.lang AS language, s.active AS is_active, s.checked AS is_checked, s.state,
    s.reason AS why, s.failures, s.added_at, s.last_polled_at, s.last_success_at, s.last_new_at,
    s.next_poll_at, s.interval_s AS seconds_between_polls, s.rhythm_s AS seconds_between_news,
    s.title AS calls_itself, s.answered_by,
    (SELECT count(*) FROM entry WHERE source_id = s.id) AS entries,
    (SELECT count(*) FROM article WHERE source_id = s.id) AS articles,
    (SELECT count(*) FROM source_notice WHERE source_id = s.id AND settled_at IS NULL)
      AS open_notices
  FROM source s;

-- Whose address is shown only as far as it holds no secret; their entries likewise.
CREATE VIEW secret_source AS
  SELECT s.id FROM source s
  WHERE s.url <> (SELECT address FROM shown_address WHERE url = s.url);

-- What a person should look at about a source.
CREATE VIEW notices AS
  SELECT n.id, n.source_id, s.name AS source, n.what, n.detail, n.noticed_at, n.settled_at
  FROM source_notice n JOIN source s ON s.id = n.source_id;

-- What sources list, and what became of it.
CREATE VIEW entries AS
  SELECT e.id, e.source_id, s.name AS source, e.title,
    iif(e.url LIKE '%@%' OR e.source_id IN (SELECT id FROM secret_source),
      (SELECT address FROM shown_address WHERE url = e.url), e.url) AS address,
    e.published_at, e.first_seen_at, e.unlisted_since, e.state, e.reason AS why, e.tries,
    e.next_try_at, e.article_id
  FROM entry e JOIN source s ON s.id = e.source_id;

-- Articles with their current text, the affair's and the others.
CREATE VIEW articles AS
  SELECT a.id, v.title, a.site, s.name AS source, coalesce(s.kind, 'import') AS source_kind,
    a.lang AS language,
    (SELECT group_concat(value, '; ') FROM json_each(v.authors)) AS authors,
    a.published_at, a.published_on, a.date_source, a.dated_in_future, a.first_seen_at,
    a.first_seen_on, a.present_at, a.absent_since, a.relevant AS is_in_affair,
    (SELECT group_concat(value, '; ') FROM json_each(a.reasons)) AS kept_for,
    a.versions, v.seen_at AS version_seen_at, v.modified_at, v.access, v.summary, v.text,
    iif(a.url LIKE '%@%' OR a.source_id IN (SELECT id FROM secret_source),
      (SELECT address FROM shown_address WHERE url = a.url), a.url) AS address,
    (SELECT group_concat(name, '; ') FROM (
      SELECT DISTINCT n.name FROM mention m JOIN entity n ON n.id = m.entity_id
      WHERE m.version_id = a.current_id ORDER BY n.key)) AS entities,
    EXISTS (SELECT 1 FROM copy WHERE copy.article_id = a.id) AS is_copy, a.copy_group,
    EXISTS (SELECT 1 FROM annotation n WHERE n.article_id = a.id AND n.kind = 'star')
      AS is_starred,
    EXISTS (SELECT 1 FROM annotation n WHERE n.article_id = a.id AND n.kind = 'read') AS is_read,
    (SELECT group_concat(value, '; ') FROM annotation n
      WHERE n.article_id = a.id AND n.kind = 'tag') AS tags,
    v.capture_id, v.text_sha256, a.order_id
  FROM article a JOIN version v ON v.id = a.current_id LEFT JOIN source s ON s.id = a.source_id;

-- Every text that every article had.
CREATE VIEW versions AS
  SELECT v.id, v.article_id, v.number, v.id = a.current_id AS is_current, v.seen_at, v.title,
    (SELECT group_concat(value, '; ') FROM json_each(v.authors)) AS authors,
    v.published_at, v.modified_at, v.lang AS language, v.access, v.summary, v.text,
    v.text_sha256, v.capture_id
  FROM version v JOIN article a ON a.id = v.article_id;

-- What was seen to change in articles already known.
CREATE VIEW changes AS
  SELECT c.id, c.article_id, v.title, a.site, c.what,
    iif(c.what = 'moved' AND (c.detail LIKE '%@%' OR a.source_id IN (SELECT id FROM secret_source)),
      '', c.detail) AS detail, c.present_at, c.seen_at,
    (SELECT number FROM version WHERE id = c.version_id) AS version, c.capture_id
  FROM change c JOIN article a ON a.id = c.article_id JOIN version v ON v.id = a.current_id;

-- The bytes that were kept, and the link that chains each to the one before.
CREATE VIEW captures AS
  SELECT c.id, c.fetched_at, c.status,
    (SELECT address FROM shown_address WHERE url = c.url LIMIT 1) AS address,
    (SELECT address FROM shown_address WHERE url = c.final_url LIMIT 1) AS answered_from,
    c.imported_from, c.sha256, c.record_sha256, c.file, c.offset, c.length, c.chain
  FROM capture c;

-- Who and what is named in the current texts.
CREATE VIEW entities AS
  SELECT e.id, e.name, e.kind, count(DISTINCT a.id) AS articles, count(a.id) AS mentions,
    min(coalesce(a.published_on, a.first_seen_on)) AS first_on,
    max(coalesce(a.published_on, a.first_seen_on)) AS last_on
  FROM entity e LEFT JOIN mention m ON m.entity_id = e.id
    LEFT JOIN article a ON a.current_id = m.version_id
  GROUP BY e.id;

-- Names at their places, in current and older texts.
CREATE VIEW mentions AS
  SELECT v.article_id, v.number AS version, v.id = a.current_id AS is_current, e.name AS entity,
    m.kind, m.text AS written, m.start, m."end", m.by AS found_by, v.title
  FROM mention m JOIN entity e ON e.id = m.entity_id JOIN version v ON v.id = m.version_id
    JOIN article a ON a.id = v.article_id;

-- Dates at their places, in current and older texts.
CREATE VIEW dates AS
  SELECT v.article_id, v.number AS version, v.id = a.current_id AS is_current, d.text AS written,
    d.from_on, d.to_on, d.precision, d.inferred AS is_inferred, d.basis, d.start, d."end", v.title
  FROM date_mention d JOIN version v ON v.id = d.version_id JOIN article a ON a.id = v.article_id;

-- Words that somebody is said to have spoken, in current and older texts.
CREATE VIEW quotes AS
  SELECT v.article_id, v.number AS version, v.id = a.current_id AS is_current, q.speaker, q.verb,
    q.text AS words, q.start, q."end", v.title
  FROM quote q JOIN version v ON v.id = q.version_id JOIN article a ON a.id = v.article_id;

-- What happened when.
CREATE VIEW events AS
  SELECT e.id, e.from_on, e.to_on, e.precision, e.inferred AS is_inferred, e.text AS what,
    e.lang AS language, e.score AS importance, e.independent_sources,
    (SELECT group_concat(value, '; ') FROM json_each(e.entities)) AS entities,
    (SELECT count(*) FROM citation WHERE event_id = e.id) AS citations
  FROM event e;

-- The passages that say that an event happened.
CREATE VIEW citations AS
  SELECT c.event_id, e.from_on, e.to_on, c.place, c.sentence, c.article_id, v.title, a.site,
    a.published_at, c.start, c."end"
  FROM citation c JOIN event e ON e.id = c.event_id JOIN article a ON a.id = c.article_id
    JOIN version v ON v.id = a.current_id;

-- Developments, and who was first to tell them.
CREATE VIEW stories AS
  SELECT s.id, s.title, s.first_at, s.last_at, s.independent_sources,
    (SELECT count(*) FROM story_article WHERE story_id = s.id) AS articles,
    s.origin_id AS first_told_by, a.site AS first_told_on
  FROM story s LEFT JOIN article a ON a.id = s.origin_id;

-- Which articles tell which story.
CREATE VIEW story_articles AS
  SELECT b.story_id, s.title AS story, b.place, b.article_id, v.title, a.site, a.published_at
  FROM story_article b JOIN story s ON s.id = b.story_id JOIN article a ON a.id = b.article_id
    JOIN version v ON v.id = a.current_id;

-- Who repeats whom.
CREATE VIEW copies AS
  SELECT c.article_id, a.site, v.title, c.kind, c.score, c.of_id, o.site AS of_site,
    w.title AS of_title, c.evidence
  FROM copy c JOIN article a ON a.id = c.article_id JOIN version v ON v.id = a.current_id
    JOIN article o ON o.id = c.of_id JOIN version w ON w.id = o.current_id;

-- What people noted on articles.
CREATE VIEW annotations AS
  SELECT n.article_id, v.title, n.kind, n.value, n.made_at
  FROM annotation n JOIN article a ON a.id = n.article_id JOIN version v ON v.id = a.current_id;

-- What was made for each list on each date, and to how many it was handed over.
CREATE VIEW digests AS
  SELECT d.list_name AS list, d.on_date, d.made_at, count(v.recipient) AS recipients,
    count(iif(v.state = 'sent', 1, NULL)) AS handed_over
  FROM digest d LEFT JOIN delivery v ON v.list_name = d.list_name AND v.on_date = d.on_date
  GROUP BY d.list_name, d.on_date;

-- How each handing over went, without to whom.
CREATE VIEW deliveries AS
  SELECT list_name AS list, on_date, state, tried_at, tries FROM delivery;

-- The passes of the program.
CREATE VIEW runs AS
  SELECT r.id, r.started_at, r.ended_at, r.status,
    (SELECT value FROM json_each(r.summary) WHERE key = 'sources_polled') AS sources_polled,
    (SELECT value FROM json_each(r.summary) WHERE key = 'entries_new') AS entries_new,
    (SELECT value FROM json_each(r.summary) WHERE key = 'articles_kept') AS articles_kept,
    (SELECT value FROM json_each(r.summary) WHERE key = 'articles_changed') AS articles_changed,
    r.summary AS counts
  FROM run r;

-- Known addresses that are not captured yet.
CREATE VIEW leads AS
  SELECT title, site, published_at, url AS address, excerpt, named_by, added_at FROM open_lead;

-- Until when what is held is attested by others.
CREATE VIEW stamps AS
  SELECT captures AS until_capture, lines AS until_line, authority, stamped_at FROM stamp;

-- Queries with a name.
CREATE VIEW searches AS
  SELECT name, query, saved_at FROM saved_search;
