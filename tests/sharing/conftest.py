"""Somebody with an album to show, and to have filled."""

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.albums.models import Album
from tests.make import make_album, make_user


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


@pytest.fixture
def album(ada: User) -> Album:
    return make_album(ada, "Wedding")
