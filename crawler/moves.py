"""Sources that move: when a permanent redirect is believed. Pure decisions.

Nothing here connects; an address that is believed is vetted like every other when it is asked.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from crawler.addresses import site_of
from model.capture import Response
from model.secrets import hide_password, hide_secrets
from model.source import Notice, NoticeKind, SourceState

AGREED = timedelta(days=7)
"""So long every answer must lead to the same place."""

_PERMANENT = frozenset({301, 308})


def permanent_target(response: Response) -> str | None:
    """Return where permanent redirects alone lead, None when there are none or others too."""
    if response.redirect_statuses and _PERMANENT.issuperset(response.redirect_statuses):
        return response.final_url
    return None


def follow_move(state: SourceState, target: str | None, now: datetime) -> SourceState:
    """Return the state of a source whose answer came by permanent redirects from `target`.

    After a week in which every poll agreed that address is asked in the place of the old one.
    """
    if target is None:
        return msgspec.structs.replace(state, moved_to=None, moved_since=None)
    if target != state.moved_to or state.moved_since is None:
        return msgspec.structs.replace(state, moved_to=target, moved_since=now)
    if now - state.moved_since < AGREED or not may_adopt(state.url, target):
        return state
    return msgspec.structs.replace(state, address=target, moved_to=None, moved_since=None)


def may_adopt(url: str, target: str) -> bool:
    """Say whether a source may be asked at `target` for good without a person's word.

    Never on another site, never without the encryption it had, and never where its address holds
    a password, which stays where it was written.
    """
    is_downgrade = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
    has_password = hide_password(url) != url
    return site_of(url) == site_of(target) and not is_downgrade and not has_password


def move_notice(state: SourceState, now: datetime) -> Notice | None:
    """Return what a person should know of a source's move, once it is agreed on for a week."""
    if state.address is not None:
        detail = (
            f"moved for good to {hide_secrets(state.address)}: write this address in config.toml"
            f" in the place of {hide_secrets(state.url)}"
        )
        return Notice(what=NoticeKind.MOVED, detail=detail, noticed_at=now)
    if state.moved_to is None or state.moved_since is None or now - state.moved_since < AGREED:
        return None
    detail = (
        f"sends on for good to {hide_secrets(state.moved_to)}, which is not taken over unasked:"
        f" if that is right, write this address in config.toml in the place of"
        f" {hide_secrets(state.url)}"
    )
    return Notice(what=NoticeKind.MOVED, detail=detail, noticed_at=now)
