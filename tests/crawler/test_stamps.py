"""An authority's answer is kept only when it attests the very link it was asked about."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawler.fetch import Fetcher
from crawler.stamps import StampError, ask_stamp, check_token, load_roots
from model.config import CrawlerSettings
from model.errors import ConfigError, CrawlError
from tests.crawler.authority import HOST, make_authority, running

LINK, OTHER = "ab" * 32, "cd" * 32
URL = f"http://{HOST}/tsr"
NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("stamps") / "authority"
    make_authority(made)
    return made


@pytest.fixture
def authority(folder):
    with running(folder) as served:
        yield served


@pytest.fixture
def roots(folder):
    return load_roots(str(folder / "root.pem"))


def ask(authority, roots=(), link=LINK, url=URL):
    settings = CrawlerSettings(hosts={HOST: f"127.0.0.1:{authority.port}"}, per_host_gap_s=0)

    async def asking():
        async with Fetcher(settings, lambda: NOON) as fetcher:
            return await ask_stamp(fetcher, url, link, roots)

    return asyncio.run(asking())


def test_what_an_authority_attests_is_checked_and_kept_as_it_came(authority, roots):
    token = ask(authority, roots)
    said = check_token(token, LINK, roots)
    assert abs(said - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_authority_learns_a_hash_and_nothing_else(authority):
    ask(authority)
    ((path, headers, body),) = authority.asked
    assert (path, headers["Content-Type"]) == ("/tsr", "application/timestamp-query")
    assert LINK.encode() not in body
    assert bytes.fromhex(LINK) not in body
    assert len(body) < 100


def test_a_token_for_another_link_attests_nothing(authority, roots):
    token = ask(authority, roots)
    for known in (roots, ()):
        with pytest.raises(StampError, match="something else than this link"):
            check_token(token, OTHER, known)


def test_a_token_of_another_authority_is_refused_where_the_roots_are_known(
    authority, roots, tmp_path
):
    make_authority(tmp_path / "other")
    with running(tmp_path / "other") as other:
        token = ask(other)
        with pytest.raises(CrawlError, match="not one of the authority's certificates") as refused:
            ask(other, roots)
    assert refused.value.state == "bad_stamp"
    with pytest.raises(StampError):
        check_token(token, LINK, roots)


def test_an_answer_to_an_earlier_question_is_refused(authority, roots):
    earlier = ask(authority, roots)
    authority.reply = lambda _: earlier
    with pytest.raises(CrawlError, match="another question"):
        ask(authority, roots)


REFUSED = bytes.fromhex("30123010020102300b0c096e6f7420746f646179")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"", "no time stamp"),
        (b"<html>sorry</html>", "no time stamp"),
        (b"\x30\x80" * 1000, "no time stamp"),
        (REFUSED, r"grants no time stamp \(not today\)"),
        (b"0" * (1024 * 1024 + 1), "its answer has 1048577 bytes"),
    ],
    ids=["nothing", "a page", "nested without end", "a refusal", "too much"],
)
def test_what_is_no_token_is_one_sentence(authority, reply, said):
    authority.reply = lambda _: reply
    with pytest.raises(CrawlError, match=said) as refused:
        ask(authority)
    assert refused.value.state == "bad_stamp"


def test_a_damaged_token_never_ends_in_another_error(authority, roots):
    token = ask(authority, roots)
    for place in range(0, len(token), 7):
        for known in (roots, ()):
            changed = bytearray(token)
            changed[place] ^= 0x11
            try:
                check_token(bytes(changed), LINK, known)
            except StampError:
                continue
    for end in range(0, len(token), 41):
        with pytest.raises(StampError):
            check_token(token[:end], LINK, roots)


def test_a_flipped_byte_of_what_is_signed_is_seen(authority, roots):
    token = ask(authority, roots)
    place = token.index(bytes.fromhex("2a030401"))
    changed = bytearray(token)
    changed[place + 3] ^= 1
    with pytest.raises(StampError):
        check_token(bytes(changed), LINK, roots)


def test_an_authority_that_fails_is_named_without_its_secrets(authority):
    authority.status = 500
    with pytest.raises(CrawlError, match="it answers 500") as failed:
        ask(authority, url=f"http://user:word@{HOST}/tsr?token=hidden")
    assert "hidden" not in str(failed.value)
    assert "word@" not in str(failed.value)
    ((_, headers, _),) = authority.asked
    assert headers["Authorization"].startswith("Basic ")


def test_what_is_handed_over_follows_no_redirect(authority):
    authority.status, authority.location = 307, f"http://{HOST}/elsewhere"
    with pytest.raises(CrawlError, match="redirects what was handed to it"):
        ask(authority)
    assert [path for path, _, _ in authority.asked] == ["/tsr"]


def test_an_authority_inside_is_never_asked(authority):
    with pytest.raises(CrawlError) as refused:
        ask(authority, url=f"http://127.0.0.1:{authority.port}/tsr")
    assert (refused.value.state, authority.asked) == ("blocked_address", [])


@pytest.mark.parametrize("content", [None, b"", b"words"], ids=["missing", "empty", "no PEM"])
def test_certificates_that_cannot_be_used_are_named(tmp_path, content):
    file = tmp_path / "roots.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"timestamp_certificates .*roots\.pem"):
        load_roots(str(file))
