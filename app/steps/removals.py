"""Articles that a page says were taken down, though it answers 200 and calls itself an article.

It never decides from a sentence alone: the text that stood there must be gone.
"""

from crawler.removals import find_removal_note, removal
from model.article import Reading
from store.edits import has_lost_text


def refuse_lost(before: Reading, after: Reading) -> None:
    """Raise ExtractError, its state `removed`, when a notice stands where a known text was."""
    note = find_removal_note(after)
    if note is not None and has_lost_text(before, after):
        raise removal(after.url, note)
