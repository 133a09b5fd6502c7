"""Addresses: their canonical form, their site, and links made absolute.

Nothing here opens a connection or decides whether an address may be asked: that is `guard`.
"""

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import idna

from model.errors import CrawlError
from model.secrets import hide_password

TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "hsa_")
TRACKING_PARAMETERS = frozenset(
    """
    at_medium at_campaign at_campaign_type at_creation at_format at_link at_link_id at_link_origin
    at_link_type at_ptr_name at_recipient_id at_recipient_list at_send_date at_variant xtor xtref
    xts fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh
    li_fat_id mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id
    oly_anon_id oly_enc_id _openstat wickedid wt_mc wt_zmc ns_campaign ns_mchannel ns_source
    ns_linkname ns_fee guccounter guce_referrer guce_referrer_sig ito srsltid _ga _gl cmpid
    echobox ocid
    """.split()
)
"""Parameters that say where a reader came from and never what is read. `ref`, `id`, `p`, `page`
and `source` select content on some sites and stay (FAULTS 37)."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
# nearly all addresses: what leaves nothing to do, and is six times as fast to recognise
_CANONICAL = re.compile(
    r"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:/(?!\.)[A-Za-z0-9._~-]*)+", re.ASCII
)
_IGNORED = re.compile(r"[\t\r\n]")
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset("%/!$&'()*+,;=:@")
_QUERY_SAFE = _PATH_SAFE | frozenset("?[]|")


def canonical_url(url: str) -> str:
    """Return the one form under which an address is compared and stored; a fixed point.

    Keeps the order of parameters and whatever may select content. A fragment stays only when it
    is a hashbang. User names and passwords are dropped.

    Raises CrawlError (`blocked_address`) for anything but http and https.
    """
    if len(url) < 254 and _CANONICAL.fullmatch(url):
        return url
    url = hide_password(url)
    parts = _split(url)
    port = _port(url, parts)
    authority = _host(url, parts)
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        authority = f"{authority}:{port}"
    path = _without_dots(_normalise(parts.path, _PATH_SAFE)) or "/"
    query = _without_tracking(_normalise(parts.query, _QUERY_SAFE))
    fragment = _normalise(parts.fragment, _QUERY_SAFE) if parts.fragment.startswith("!") else ""
    return (
        f"{parts.scheme}://{authority}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def canonical_or_same(url: str) -> str:
    """Return the canonical form of an address, or itself when it is none of the web."""
    try:
        return canonical_url(url)
    except CrawlError:
        return url


def source_key(url: str) -> str:
    """Return what is the same for all spellings of one source's address.

    Neither the scheme, `www.` nor a slash at the end tells two sources apart; who logs in does.
    """
    canonical = canonical_url(url)
    login = "" if hide_password(url) == url else urlsplit(url.strip()).netloc.rpartition("@")[0]
    rest = canonical.partition("://")[2].removeprefix("www.")
    address, mark, query = rest.partition("?")
    return f"{login}@{address.rstrip('/')}{mark}{query}"


def site_of(url: str) -> str:
    """Return the host of an address in lower case without `www.`, or nothing when it has none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def find_link(href: str, base: str) -> str | None:
    """Return the http or https address that `href` means on the page `base`, if it means one."""
    href = _IGNORED.sub("", href).strip()
    if not href or (len(href) < 254 and _CANONICAL.fullmatch(href)):
        return href or None
    try:
        joined = urljoin(base, href)
        canonical_url(joined)
    except (ValueError, CrawlError):
        return None
    return joined


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(_IGNORED.sub("", url).strip())
    except ValueError as error:
        raise CrawlError(url, "blocked_address", f"this is no web address ({error})") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise CrawlError(url, "blocked_address", "only http and https addresses are read")
    return parts


def _port(url: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise CrawlError(url, "blocked_address", f"its port is wrong ({error})") from error


def _host(url: str, parts: SplitResult) -> str:
    host = unquote(parts.hostname or "").rstrip(".")
    if ":" in host and re.fullmatch(r"[0-9a-f:.]+", host):
        return f"[{host}]"
    try:
        name = host if _is_plain(host) else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise CrawlError(url, "blocked_address", f"its host is wrong ({error})") from error
    if not _is_plain(name):
        raise CrawlError(url, "blocked_address", "it names no host")
    return name


def _is_plain(host: str) -> bool:
    return bool(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host)) and len(host) < 254


def _normalise(part: str, safe: frozenset[str]) -> str:
    """Decode what need not be escaped, escape what must be, and write the rest in upper case."""
    part = _ESCAPED.sub(_plain_or_upper, _BAD_PERCENT.sub("%25", part))
    return "".join(character if character in safe else _escape(character) for character in part)


def _plain_or_upper(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _escape(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _without_dots(path: str) -> str:
    """Remove the dot segments of a path (RFC 3986, 5.2.4)."""
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _without_tracking(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)
