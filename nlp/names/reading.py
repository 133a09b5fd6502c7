"""All the names of one text: a model's, cleaned, completed and joined.

The steps in their order. It never reads a name that the watch list has found already.
"""

from collections.abc import Sequence

from model.mention import Mention
from nlp.models import read_names
from nlp.names.cleaning import clean_names, join_names
from nlp.names.kinds import join_parts, settle_kinds
from nlp.names.repeats import add_overlooked


def find_names(text: str, pipeline: str, listed: Sequence[Mention] = ()) -> tuple[Mention, ...]:
    """Return the people, organisations and places of `text` beside the `listed` ones.

    `pipeline` is an installed spaCy pipeline; what one text calls by several names has one.
    """
    cleaned = clean_names(text, read_names(text, pipeline, listed))
    names = join_parts(text, settle_kinds(text, cleaned))
    taken = [(one.start, one.end) for one in listed]
    return join_names(text, add_overlooked(text, names, taken), listed, pipeline)
