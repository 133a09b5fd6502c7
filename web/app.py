"""The site as one Litestar application: its addresses, its errors, its protection.

It works without JavaScript, loads nothing from elsewhere, never writes, and knows no way in
but loopback: there is no login yet.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.params import PathParameter, QueryParameter
from litestar.types import Message, Scope, Send

from model.config import Config
from model.errors import DamageError, MissingError
from model.phrases import say
from store import open_store
from store.evidence.startup import load_state
from store.reader import Reader
from web.article import build_article, parse_at
from web.asked import BY, FEW_EVENTS, MANY_EVENTS, Asked, choose_language
from web.entity import build_choice, build_entities, build_entity
from web.entity_facts import find_meant, gather_entity
from web.facts import gather_facts
from web.protection import is_asked_locally, protect
from web.rendering import Templates
from web.timeline import build_timeline

HTML = "text/html"
MAX_ID = 2**53
MOST_NAMED = 200
MAX_PLACE = 2**62

Typed = Annotated[str, QueryParameter()]
Clock = Callable[[], datetime]
_log = logging.getLogger("vigie.web")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What every page is made from."""

    data: Path
    config: Config
    clock: Clock
    templates: Templates

    def store(self) -> Reader:
        """Open the store for reading; each request has its own."""
        return open_store(self.data, timezone=self.config.affair.timezone, read_only=True)

    def render(self, name: str, asked: Asked, **values: Any) -> str:
        """Return one page, which also says when what is held is damaged."""
        is_damaged = bool(load_state(self.data).damages)
        return self.templates.render(
            name, asked.language, asked=asked, is_damaged=is_damaged, **values
        )

    def language(self, request: Request[Any, Any, Any]) -> str:
        """Return the language to answer in."""
        asked = request.query_params.get("lang")
        accepted = request.headers.get("accept-language")
        return choose_language(asked, accepted, self.config.affair.languages)


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def create_app(data: Path, config: Config, *, clock: Clock = utc_now) -> Litestar:
    """Return the site of one data folder."""
    site = Site(data=data, config=config, clock=clock, templates=Templates(config.affair.name))
    app = _LocalSite(
        route_handlers=[_timeline_page, _article_page, _entity_page, _entities_page, _style],
        openapi_config=None,
        logging_config=None,
        before_send=[_protect],
        exception_handlers={
            HTTPException: _answer_refusal,
            MissingError: _answer_missing,
            DamageError: _answer_damage,
            Exception: _answer_failure,
        },
    )
    app.state.site = site
    return app


class _LocalSite(Litestar):
    """A site that only its own machine can ask."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not is_asked_locally(scope):
            await _refuse(send)
        else:
            await super().__call__(scope, receive, send)


async def _refuse(send: Send) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": 400,
        "headers": [(b"content-type", b"text/plain; charset=utf-8")],
    }
    protect(start)
    await send(start)
    body = b"Vigie answers only under http://127.0.0.1 or http://localhost.\n"
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _protect(message: Message, scope: Scope) -> None:
    protect(message)


@get("/", sync_to_thread=True)
def _timeline_page(
    request: Request[Any, Any, Any],
    q: Typed = "",
    by: Typed = "event",
    before: Annotated[int | None, QueryParameter(ge=0, le=MAX_PLACE)] = None,
    events: Annotated[int, QueryParameter(ge=1, le=MANY_EVENTS)] = FEW_EVENTS,
) -> Response[str]:
    """Show the timeline by event or by publication, filtered by a query."""
    site: Site = request.app.state.site
    asked = Asked(
        language=site.language(request),
        q=q,
        by=by if by in BY else BY[0],
        before=before,
        events=events,
    )
    with site.store() as store:
        page = build_timeline(store, site.config, asked, now=site.clock())
        has_gap = bool(store.index_gap())
    html = site.render("timeline.html", asked, page=page, has_gap=has_gap)
    return Response(html, media_type=HTML)


@get("/article/{article_id:int}", sync_to_thread=True)
def _article_page(
    request: Request[Any, Any, Any],
    article_id: Annotated[int, PathParameter(ge=1, le=MAX_ID)],
    at: Typed = "",
) -> Response[str]:
    """Show one article with its mentions and dates marked."""
    site: Site = request.app.state.site
    language = site.language(request)
    with site.store() as store:
        facts = gather_facts(store, article_id)
    page = build_article(
        facts, language=language, timezone=site.config.affair.timezone, said=parse_at(at)
    )
    html = site.render("article.html", Asked(language=language), page=page)
    return Response(html, media_type=HTML)


@get("/entity", sync_to_thread=True)
def _entity_page(request: Request[Any, Any, Any], name: Typed = "") -> Response[str]:
    """Show one entity: when it is named, how, with whom, and what it said."""
    site: Site = request.app.state.site
    language = site.language(request)
    with site.store() as store:
        found = find_meant(store, site.config.entities, name)
        if not found:
            return _error_page(request, 404, "nobody_called")
        if len(found) > 1:
            choice = build_choice(name, found, language)
            html = site.render("entities.html", Asked(language=language), page=choice)
            return Response(html, media_type=HTML)
        facts = gather_entity(store, found[0].id, now=site.clock())
    page = build_entity(facts, name, language)
    html = site.render("entity.html", Asked(language=language), page=page)
    return Response(html, media_type=HTML)


@get("/entities", sync_to_thread=True)
def _entities_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Show who and what is named most."""
    site: Site = request.app.state.site
    language = site.language(request)
    with site.store() as store:
        page = build_entities(store.most_named(limit=MOST_NAMED), language)
    html = site.render("entities.html", Asked(language=language), page=page)
    return Response(html, media_type=HTML)


@get("/style.css", sync_to_thread=False)
def _style(request: Request[Any, Any, Any]) -> Response[str]:
    """Give the one style sheet."""
    site: Site = request.app.state.site
    return Response(site.templates.style, media_type="text/css")


def _answer_refusal(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    status = error.status_code if 400 <= error.status_code < 500 else 500
    return _error_page(request, status, "not_found" if status == 404 else "bad_request")


def _answer_missing(request: Request[Any, Any, Any], error: MissingError) -> Response[str]:
    return _error_page(request, 404, "not_found")


def _answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    _log.error("a page could not be made", exc_info=error)
    return _error_page(request, 500, "failure")


def _answer_damage(request: Request[Any, Any, Any], error: DamageError) -> Response[str]:
    _log.error("a page could not be made: %s", error)
    return _error_page(request, 503, "damaged_page")


def _error_page(request: Request[Any, Any, Any], status: int, key: str) -> Response[str]:
    site: Site = request.app.state.site
    language = site.language(request)
    html = site.render("error.html", Asked(language=language), sentence=say(key, language))
    return Response(html, status_code=status, media_type=HTML)
