"""`vigie export`: what is held, for others to use.

It imports no export before it is called.
"""

from typing import ClassVar

from app.cli import LazyGroup


class Exports(LazyGroup):
    """What can be exported."""

    offered: ClassVar[dict[str, str]] = {
        "evidence": "Write an article's captures, versions and proof into a folder.",
        "opml": "Write the configured sources as a list for other readers.",
    }
    place = "app.commands.export_{}"


command = Exports(
    "export",
    help="Write what is held for others: the evidence of an article, the sources.",
    epilog="""\b
Examples:
  vigie export evidence 12
  vigie export evidence 12 --to dossier-12
  vigie export opml sources.opml
""",
)
