"""The templates and the style sheet, read once.

Everything is escaped, and what would drive a terminal or turn a line round is made visible.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from model.phrases import say
from web.article import is_web

HERE = Path(__file__).parent


class Templates:
    """The pages of one affair."""

    def __init__(self, affair: str) -> None:
        """Read the templates and the style sheet."""
        self.style = (HERE / "static" / "style.css").read_text(encoding="utf-8")
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
        )
        self._environment.globals |= {"affair": affair, "is_web": is_web}

    def render(self, name: str, language: str, **values: Any) -> str:
        """Return one page in `fr` or `en`."""
        template = self._environment.get_template(name)
        spoken = {"language": language, "say": lambda key: say(key, language)}
        return template.render(**spoken, **values)


def _shown(value: Any) -> Any:
    """Return a value as a page shows it; markup of our own templates is left alone."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return "".join(map(_visible, value))
    return value


def _visible(character: str) -> str:
    code = ord(character)
    is_control = code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
    is_direction = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    if character in "\n\t" or not (is_control or is_direction):
        return character
    return f"\\u{code:04x}"
