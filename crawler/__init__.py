"""The web and files into readings: fetching, feeds, captures, extraction.

It never decides what matters to an affair and never touches the database.
"""

AGENT = "Vigie"
"""The name under which sites are asked, and by which their robots.txt may speak to us."""

PROGRAM = f"{AGENT}/0.1"
