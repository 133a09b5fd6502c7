"""A second look at edits, once other articles of their site show what they were made of.

A box that comes to all pages of a site looks like an edit on the first one that is read again.
It never changes what was logged: it adds what was found out.
"""

from datetime import timedelta

from app.steps.page_reader import PageReader
from app.steps.parts import Parts
from model.source import Entry

REACH = timedelta(days=30)
MOST = 200


async def look_again(parts: Parts, reader: PageReader) -> None:
    """Log which late edits on the sites just read were furniture of the site after all."""
    sites = reader.sites_met()
    if not sites:
        return
    for edit in parts.store.text_edits(since=parts.clock() - REACH, limit=MOST):
        entry = Entry(source_url=edit.source_url, key=edit.url, url=edit.url)
        if edit.site in sites and await reader.is_furniture(edit.before, edit.after, entry):
            parts.store.note_furniture(edit, now=parts.clock())
