"""What repeats across a site's pages is kept between two passes."""

from datetime import timedelta

from tests.store.makers import NOON

SITE = "gazette.example"


def test_the_memory_of_a_site_comes_back_as_it_was_saved_last(store):
    assert store.site_memory(SITE) is None
    store.save_site_memory(SITE, b"\x00first", now=NOON)
    store.save_site_memory("other.example", b"other", now=NOON)
    store.save_site_memory(SITE, b"\xffsecond", now=NOON + timedelta(hours=1))
    assert (store.site_memory(SITE), store.site_memory("other.example")) == (
        b"\xffsecond",
        b"other",
    )


def test_the_same_memory_again_changes_nothing(store):
    store.save_site_memory(SITE, b"first", now=NOON)
    store.save_site_memory(SITE, b"first", now=NOON + timedelta(hours=1))
    saved = store.database.value("SELECT updated_at FROM site_memory WHERE site = ?", (SITE,))
    assert saved == "2023-11-21T12:00:00Z"
