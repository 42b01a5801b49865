"""The upload sets of this application: where each kind of file goes, and what may go there."""

import os

from flask import Flask

from .uploads import AUDIO, IMAGES, MODERN_IMAGES, VIDEO, UploadSet, same_kind

PICTURES = IMAGES + MODERN_IMAGES
RECORDINGS = (*VIDEO, *AUDIO, "m4a")


def media_folder(app: Flask) -> str:
    """Return the place of the media set: beside the photos, in the storage root."""
    return os.path.join(app.config["STORAGE_ROOT"], "media")


class PreviewSet(UploadSet):
    """Takes a preview that was made before: its name says what it holds."""

    def resolve_conflict(self, target_folder: str, basename: str) -> str:
        # A retry after a crash finds the file there and its row lost: replace it, atomically.
        return basename


photos = UploadSet("photos", PICTURES, checks=(same_kind,))
media = UploadSet("media", RECORDINGS, default_dest=media_folder, checks=(same_kind,))
previews = PreviewSet("previews", ("jpg", "webp"))

SETS = {upload_set.name: upload_set for upload_set in (photos, media, previews)}
# What a file input offers, in the words of its `accept`.
ACCEPTED = ",".join(
    [
        "image/*",
        "video/*",
        "audio/*",
        *(f".{name}" for name in sorted({*PICTURES, *RECORDINGS} - {"svg"})),
    ]
)
