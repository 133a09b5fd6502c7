"""A store in a folder of its own for each test."""

import shutil

import pytest

from store import open_store


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """Return the folder of an empty store, to be copied: a twentieth of making its tables."""
    made = tmp_path_factory.mktemp("empty") / "data"
    with open_store(made):
        return made


@pytest.fixture
def store(tmp_path, empty):
    with open_store(shutil.copytree(empty, tmp_path / "data")) as opened:
        yield opened
