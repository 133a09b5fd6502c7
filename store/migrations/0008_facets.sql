-- The labels of each article that facets count, one character each (see store/labels.py): those of kinds of which there are few, names, and stories. Short rows, as facets look up thousands of them.
CREATE TABLE article_facet (
  order_id INTEGER PRIMARY KEY,
  labels TEXT NOT NULL,
  entities TEXT NOT NULL,
  stories TEXT NOT NULL
) STRICT;

INSERT INTO article_facet
WITH RECURSIVE spelt (order_id, at, sign, rest) AS (
  SELECT order_id, 0, '', labels FROM article_label
  UNION ALL
  SELECT order_id, at + 1, substr(rest, 1, 1), substr(rest, 2) FROM spelt WHERE rest <> ''
),
named (order_id, at, sign, facet) AS (
  -- no text holds a surrogate: the codes after them are 2,048 further on
  SELECT order_id, at, sign, (
    SELECT facet FROM label WHERE id = unicode(sign) - iif(unicode(sign) < 0xD800, 0, 0x800)
  ) FROM spelt
)
-- in the order that the subquery gives: `ORDER BY` within group_concat is unknown to SQLite 3.40
SELECT
  order_id,
  group_concat(iif(facet IN ('entity', 'story'), '', sign), ''),
  group_concat(iif(facet = 'entity', sign, ''), ''),
  group_concat(iif(facet = 'story', sign, ''), '')
FROM (SELECT order_id, sign, facet FROM named ORDER BY order_id, at) GROUP BY order_id;
