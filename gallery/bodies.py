"""Bounds how large a body may be, and how many may be on their way in at once.

A thread waits for each, and a server has only so many: past the bound the answer is 503
at once, so that pages always find a thread. How long and how slow each may be is the
server's to bound (see server.py), since an application cannot end a read.
"""

import threading

from flask import Flask, abort, current_app, g, request

from . import settings

# What fits a form of text, and a list of names or of thousands of ticked photos, or a long story
# in any script beside the one it was before; only uploads take as much as the settings say.
SMALL, LIST = 64 * 1024, 1024 * 1024
LISTS = {"api", "album_photos", "audience", "batch", "edit", "gifts", "sharing"}  # blueprints
PARTS = ("create", "update", "override")
UPLOADS = {
    "sending.create",
    "guests.create",
    *(f"{parts}.{act}" for parts in ("uploads", "guest_files") for act in PARTS),
}


def init_app(app: Flask) -> None:
    # Places for uploads and for all else, so that people can sign in while every upload's is taken.
    app.extensions["bodies"] = {
        True: threading.BoundedSemaphore(app.config["MAX_BODIES"]),
        False: threading.BoundedSemaphore(app.config["MAX_SMALL_BODIES"]),
    }
    app.before_request(_take_place)
    app.teardown_request(_leave_place)


def _take_place() -> None:
    is_upload = request.endpoint in UPLOADS
    if not is_upload:
        request.max_content_length = LIST if request.blueprint in LISTS else SMALL
    length = request.content_length
    if length == 0 or (length is None and "Transfer-Encoding" not in request.headers):
        return
    places = current_app.extensions["bodies"][is_upload]
    if not places.acquire(blocking=False):
        abort(503)
    g.place = places
    if is_upload:  # the database is asked by those alone who have a place
        request.max_content_length = settings.current().max_content_length


def _leave_place(_error: BaseException | None) -> None:
    if "place" in g:
        g.pop("place").release()
