"""How many of what, in French and in English: `1 article`, `0 article`, `3 entries`.

It never spells a number out, and holds no sentence.
"""

NOUNS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "article": (("article", "articles"), ("article", "articles")),
    "event": (("fait daté", "faits datés"), ("dated event", "dated events")),
    "copy": (
        ("autre site porte ce texte", "autres sites portent ce texte"),
        ("other site carries this text", "other sites carry this text"),
    ),
    "independent_source": (
        ("source indépendante", "sources indépendantes"),
        ("independent source", "independent sources"),
    ),
    "watched_source": (("source suivie", "sources suivies"), ("source watched", "sources watched")),
    "failing_source": (
        ("source en panne", "sources en panne"),
        ("source failing", "sources failing"),
    ),
    "article_more": (
        ("autre article, non montré ici", "autres articles, non montrés ici"),
        ("more article, not shown here", "more articles, not shown here"),
    ),
    "change_more": (
        ("autre changement, non montré ici", "autres changements, non montrés ici"),
        ("more change, not shown here", "more changes, not shown here"),
    ),
}
"""What pages and digests count: one of it and several of it, in French, then in English."""


def is_singular(number: int, language: str) -> bool:
    """Tell whether a language counts so many in the singular: French `0 article`, English not."""
    return number in (0, 1) if language == "fr" else number == 1


def count_noun(number: int, noun: str, language: str) -> str:
    """Return so many of a noun of `NOUNS`, in `fr` or `en` (English for anything else)."""
    one, many = NOUNS[noun][0 if language == "fr" else 1]
    return f"{number} {one if is_singular(number, language) else many}"


def count(number: int, one: str, many: str = "") -> str:
    """Return so many of something in English; without `many`, several take an `s`."""
    return f"{number} {one if is_singular(number, 'en') else many or f'{one}s'}"
