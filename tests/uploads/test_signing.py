"""URLs that let whoever holds them have one file, for a while."""

import pytest

from gallery.uploads import ALL, UploadSet, configure_uploads, signed_url
from gallery.uploads.signing import serializer

from .support import JPEG, make_app

KEY, OLDER_KEY = "a key", "an older key"


@pytest.fixture
def client(tmp_path):
    (tmp_path / "ada").mkdir()
    for name in ("cat.jpg", "dog.jpg", "ada/写真 1.jpg", "a.svg"):
        (tmp_path / name).write_bytes(JPEG)
    settings = {"UPLOADED_FILES_DEST": tmp_path, "UPLOADS_SIGNED": True, "SECRET_KEY": KEY}
    return make_app(UploadSet("files", ALL), **settings).test_client()


@pytest.mark.parametrize("name", ["cat.jpg", "ada/写真 1.jpg", "a.svg"])
def test_whoever_has_the_url_has_the_file(client, name):
    assert client.get(signed(client, name)).data == JPEG


@pytest.mark.parametrize(
    "settings",
    [
        {"UPLOADS_AUTHORISE": lambda *_: False},
        {"UPLOADED_FILES_PRIVATE": True, "UPLOADS_AUTOSERVE": True},
        {"UPLOADED_FILES_URL": "https://cdn.example/", "UPLOADS_AUTOSERVE": True},
    ],
)
def test_it_opens_what_is_closed_to_others(client, settings):
    client.application.config.update(settings)
    configure_uploads(client.application, UploadSet("files", ALL))

    assert client.get("/_uploads/files/cat.jpg").status_code == 404
    assert client.get(signed(client)).data == JPEG


def test_an_expired_url_is_gone(client):
    response = client.get(signed(client, expires=-1))

    assert response.status_code == 410
    assert "This link has expired." in response.text


def test_a_url_may_work_for_longer_than_anybody_lives(client):
    assert client.get(signed(client, expires=10**18)).data == JPEG


def test_no_character_of_the_signature_can_be_changed(client):
    *above, token, name = signed(client).split("/")
    forged = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(len(token) - 1)  # the last one has bits that say nothing
    ]

    answers = {client.get("/".join([*above, each, name])).status_code for each in forged}

    assert answers == {404}


@pytest.mark.parametrize("end", ["dog.jpg", "cat.html", "x/cat.jpg", "cat.jpg/", ""])
def test_the_name_in_the_url_can_be_no_other(client, end):
    above = signed(client).rpartition("/")[0]

    assert client.get(f"{above}/{end}").status_code == 404


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "%00", "x" * 5000])
def test_what_was_not_signed_here_is_not_found(client, token):
    assert client.get(f"/_uploads/signed-file/{token}/cat.jpg").status_code == 404


def test_a_signature_for_something_else_opens_no_file(client):
    with client.application.app_context():
        token = serializer("else").dumps(["files", "cat.jpg", 60, False])

    assert client.get(f"/_uploads/signed-file/{token}/cat.jpg").status_code == 404


def test_neither_does_that_of_another_application(client):
    url = signed(client)

    client.application.secret_key = "another key"

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["none.jpg", "../cat.jpg", "/etc/passwd"])
def test_a_signed_name_of_no_file_is_not_found(client, name):
    assert client.get(signed(client, name)).status_code == 404


def test_whether_it_is_shown_or_stored_is_signed(client):
    shown, stored = (client.get(signed(client, download=each)) for each in (False, True))

    assert shown.headers["Content-Disposition"].startswith("inline")
    assert stored.headers["Content-Disposition"].startswith("attachment")
    assert client.get(signed(client) + "?download=1").headers["Content-Disposition"][:6] == "inline"


def test_a_drawing_is_never_shown(client):
    response = client.get(signed(client, "a.svg", download=False))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_part_can_be_had_and_no_shared_cache_keeps_it(client):
    response = client.get(signed(client), headers={"Range": "bytes=0-3"})

    assert (response.status_code, response.data) == (206, JPEG[:4])
    assert response.cache_control.private


def test_a_url_outlives_a_new_key_until_the_old_one_is_dropped(client):
    client.application.secret_key = OLDER_KEY
    url = signed(client)
    client.application.secret_key = KEY

    client.application.config["SECRET_KEY_FALLBACKS"] = [OLDER_KEY]
    assert client.get(url).data == JPEG
    client.application.config["SECRET_KEY_FALLBACKS"] = []
    assert client.get(url).status_code == 404


def test_a_new_url_is_signed_with_the_new_key(client):
    client.application.config["SECRET_KEY_FALLBACKS"] = [OLDER_KEY]
    url = signed(client)

    client.application.config["SECRET_KEY_FALLBACKS"] = None

    assert client.get(url).data == JPEG


def test_nothing_is_signed_by_default(tmp_path):
    client = make_app(UploadSet("files"), UPLOADED_FILES_DEST=tmp_path).test_client()

    assert client.get("/_uploads/signed-file/token/cat.jpg").status_code == 404
    with pytest.raises(RuntimeError, match="UPLOADS_SIGNED"):
        signed(client)


def test_it_can_be_switched_on_by_an_application_that_serves_already(tmp_path):
    files = UploadSet("files", ALL)
    client = make_app(files, UPLOADED_FILES_DEST=tmp_path, SECRET_KEY=KEY).test_client()
    (tmp_path / "cat.jpg").write_bytes(JPEG)
    client.get("/")

    client.application.config["UPLOADS_SIGNED"] = True
    configure_uploads(client.application, files)
    configure_uploads(client.application, files)

    assert client.get(signed(client)).data == JPEG


def test_without_a_key_nothing_is_signed(client):
    url, client.application.secret_key = signed(client), None

    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        signed(client)
    assert client.get(url).status_code == 500


def signed(client, name="cat.jpg", **options):
    with client.application.test_request_context():
        return signed_url("files", name, **options)
