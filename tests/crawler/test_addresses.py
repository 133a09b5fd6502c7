"""Canonical addresses: one form for one page, never one form for two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import canonical_url, find_link, site_of
from model.errors import CrawlError
from model.secrets import hide_password

A = "https://a.example"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://WWW.A.Example:443", "https://www.a.example/"),
        ("http://a.example:80/x", "http://a.example/x"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        (f"{A}/x#part", f"{A}/x"),
        (f"{A}/#!/article/12", f"{A}/#!/article/12"),
        (f"{A}/x?utm_source=t&id=12&UTM_medium=m", f"{A}/x?id=12"),
        (f"{A}/x?fbclid=1", f"{A}/x"),
        (f"{A}/x?b=2&a=1&gclid=z", f"{A}/x?b=2&a=1"),
        (f"{A}/x?at_medium=custom7&at_campaign=AFP&xtor=RSS-1", f"{A}/x"),
        (f"{A}/x?mc_cid=1&mc_eid=2&p=45", f"{A}/x?p=45"),
        (f"{A}/x?ref=accueil&source=une&page=2", f"{A}/x?ref=accueil&source=une&page=2"),
        (f"{A}/?", f"{A}/"),
        (f"{A}/caf%c3%a9/%7euser", f"{A}/caf%C3%A9/~user"),
        (f"{A}/café", f"{A}/caf%C3%A9"),
        (f"{A}/a b", f"{A}/a%20b"),
        (f"{A}/a%2Fb?q=a%26b+c", f"{A}/a%2Fb?q=a%26b+c"),
        (f"{A}/100%", f"{A}/100%25"),
        (f"{A}/a/./b/../c/", f"{A}/a/c/"),
        (f"{A}/../..", f"{A}/"),
        ("https://préfecture.example/x", "https://xn--prfecture-c4a.example/x"),
        ("https://a.example./x", f"{A}/x"),
        (" \n https://a.exam\tple/x ", f"{A}/x"),
        ("https://user:secret@a.example/x", f"{A}/x"),
        ("http://[2A00:1450::1]:80/x", "http://[2a00:1450::1]/x"),
    ],
)
def test_one_page_has_one_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?id=12", "?id=13"),
        ("?p=45", "?p=46"),
        ("?ref=a", "?ref=b"),
        ("#!/article/12", "#!/article/13"),
        ("a", "a/"),
        ("A", "a"),
        ("?a=1&b=2", "?b=2&a=1"),
        ("a%2Fb", "a/b"),
        ("?q=a+b", "?q=a%2Bb"),
        ("?id", "?id="),
    ],
)
def test_two_pages_keep_two_addresses(one: str, other: str) -> None:
    assert canonical_url(f"{A}/{one}") != canonical_url(f"{A}/{other}")


@pytest.mark.parametrize(
    "url",
    """
    ftp://a.example/ file:///etc/passwd javascript:alert(1) data:text/html,x mailto:a@b.example
    /path //host/x a.example http:// http:///x http://[::1 http://a.example:port/ http://a%20b/
    http://a..b/ about:blank
    """.split(),
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(CrawlError) as caught:
        canonical_url(url)
    assert caught.value.state == "blocked_address"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_canonical_form_is_a_fixed_point(tail: str) -> None:
    for url in (f"{A}/{tail}", f"{A}/?{tail}", f"{A}/#!{tail}", f"http://{tail}/", tail):
        try:
            once = canonical_url(url)
        except CrawlError:
            continue
        assert canonical_url(once) == once
        assert once.isascii()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.LeMonde.fr:443/x", "lemonde.fr"),
        ("http://blog.www.a.example/", "blog.www.a.example"),
        ("http://[broken", ""),
        ("not an address", ""),
    ],
)
def test_the_site_of_an_address_is_its_host_without_www(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("b?c=1", f"{A}/dir/b?c=1"),
        ("//b.example/x", "https://b.example/x"),
        (" /x\n", f"{A}/x"),
        ("", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.example", None),
        ("http://[broken/", None),
        ("file:///etc/passwd", None),
    ],
)
def test_a_link_is_followed_only_to_the_web(href: str, link: str | None) -> None:
    assert find_link(href, f"{A}/dir/page") == link


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@a.example/x", "https://a.example/x"),
        ("https://u:p@q@a.example/", "https://a.example/"),
        (f"{A}/x?mail=a@b.example", f"{A}/x?mail=a@b.example"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert hide_password(url) == shown
