"""`vigie export`: what is held, for others to use.

It imports no export before it is called.
"""

from typing import ClassVar

from app.cli import LazyGroup


class Exports(LazyGroup):
    """What can be exported."""

    offered: ClassVar[dict[str, str]] = {
        "csv": "Write articles as a table for spreadsheets.",
        "jsonl": "Write articles as lines of JSON, exactly.",
        "parquet": "Write articles as a table for statistics.",
        "ris": "Write articles as a bibliography for Zotero and its like.",
        "bibtex": "Write articles as a bibliography for LaTeX.",
        "csl": "Write articles as a bibliography in CSL-JSON.",
        "atom": "Write articles as a feed for feed readers.",
        "jsonfeed": "Write articles as a feed in JSON.",
        "casefile": "Write articles and their events as one page to read and print.",
        "timelinejs": "Write events for TimelineJS.",
        "ical": "Write events as a calendar.",
        "graphml": "Write who is named together as a graph, for networkx and its like.",
        "gexf": "Write who is named together as a graph, for Gephi.",
        "evidence": "Write an article's captures, versions and proof into a folder.",
        "opml": "Write the configured sources as a list for other readers.",
    }
    place = "app.commands.export_{}"


command = Exports(
    "export",
    help="Write what is held for others: articles, events, names, evidence, the sources.",
    epilog="""\b
Examples:
  vigie export csv is:relevant --to affair.csv
  vigie export ris is:starred --to cited.ris
  vigie export casefile entity:CNIL --to cnil.html
  vigie export ical --to affair.ics
  vigie export evidence 12
  vigie export evidence 12 --to dossier-12
  vigie export opml sources.opml
""",
)
