"""The installed gallery, and what a phone shares with it."""

import json

from flask import Flask

from gallery.extensions import db
from gallery.photos.models import Photo
from tests.conftest import Browser
from tests.make import a_file, jpeg, make_user, sign_in


def test_what_a_phone_shares_goes_where_the_manifest_says(client: Browser) -> None:
    target = json.loads(client.get("/manifest.webmanifest").text)["share_target"]
    sign_in(client, make_user())
    (files,) = target["params"]["files"]

    answer = client.open(
        target["action"],
        method=target["method"],
        data={files["name"]: [a_file(jpeg())]},
        headers={"Sec-Fetch-Site": "none"},
    )

    assert (answer.status_code, target["enctype"]) == (303, "multipart/form-data")
    assert {"image/*", "video/*", ".heic"} <= set(files["accept"])
    assert len(db.session.scalars(db.select(Photo)).all()) == 1


def test_the_manifest_has_icons_that_are_there(app: Flask, client: Browser) -> None:
    manifest = client.get("/manifest.webmanifest")

    assert manifest.mimetype == "application/manifest+json"
    for icon in json.loads(manifest.text)["icons"]:
        answer = client.get(icon["src"])
        assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_only_sharing_comes_from_no_site(client: Browser) -> None:
    sign_in(client, make_user())

    answer = client.post("/trash/empty", headers={"Sec-Fetch-Site": "none"})

    assert answer.status_code == 403
