"""How the name of a host is shown, so that it passes for no other.

Pure; it never asks a name server, and changes nothing that is stored or compared.
"""

import unicodedata

PREFIX = "xn--"


def spell_host(host: str) -> str:
    """Return a host as it is shown: one that mixes alphabets, with its ASCII form beside it.

    `xn--lmonde-3of.fr`, in which one letter is Cyrillic, is shown in its letters and then so, in
    whichever of the two ways it is given; a name whose letters are all Latin is left as it is.
    """
    labels = host.split(".")
    shown = ".".join(map(_to_unicode, labels))
    if _is_latin(shown):
        return host
    return f"{shown} ({'.'.join(map(_to_ascii, labels))})"


def _to_unicode(label: str) -> str:
    if not label.lower().startswith(PREFIX):
        return label
    try:
        return label[len(PREFIX) :].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _to_ascii(label: str) -> str:
    if label.isascii():
        return label
    return PREFIX + label.lower().encode("punycode").decode("ascii")


def _is_latin(text: str) -> bool:
    """Tell whether every letter beyond ASCII is Latin."""
    return all(
        "LATIN" in unicodedata.name(letter, "")
        for letter in text
        if not letter.isascii() and letter.isalpha()
    )
