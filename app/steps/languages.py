"""The language of a reading that declares none.

A declared language is left as it is: `nlp` checks it against the text when it is tagged.
"""

import msgspec

from model.article import Reading
from nlp.language import detect_language

UNKNOWN = "und"


def with_language(reading: Reading) -> Reading:
    """Return the reading with the language of its words where it names none."""
    if reading.lang:
        return reading
    found = detect_language(f"{reading.title}\n{reading.text}")
    return reading if found == UNKNOWN else msgspec.structs.replace(reading, lang=found)
