"""An application that takes files by tus, for a server of its own: the folder is in TUS_FILES."""

import os

from flask import Flask

from gallery.uploads import ALL, UploadRequest, UploadSet, configure_uploads
from gallery.uploads.resumable import Resumable


def make_app() -> Flask:
    app = Flask(__name__)
    app.request_class = UploadRequest
    app.secret_key = "the same after a restart"
    app.config["UPLOADED_FILES_DEST"] = os.environ["TUS_FILES"]
    files = UploadSet("files", ALL)
    configure_uploads(app, files)
    app.register_blueprint(Resumable(files, owner=lambda: "ada"), url_prefix="/tus")
    return app
