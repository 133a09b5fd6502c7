"""Bytes that are no text: what they are instead.

It never decodes them.
"""

_MAGIC = {
    b"PK\x03\x04": "a ZIP or office file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a media file",
    b"\x1f\x8b": "a gzip file",
    b"\xd0\xcf\x11\xe0": "an old office file",
    b"%!PS": "a PostScript file",
}
_LOOKED_AT = 4096
_NOISE = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_WIDE_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def binary_kind(body: bytes) -> str | None:
    """Return what bytes are when they are no text, by how they begin or by what they hold."""
    start = body[:8]
    known = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), None)
    return known or ("no text at all" if _is_noise(body[:_LOOKED_AT]) else None)


def _is_noise(sample: bytes) -> bool:
    """Say whether bytes hold more control characters than any text does (UTF-16 has zeros)."""
    if sample.startswith(_WIDE_STARTS) or b"<\x00" in sample[:200] or b"\x00<" in sample[:200]:
        return False
    return len(sample) - len(sample.translate(None, _NOISE)) > len(sample) / 50
