"""A photo gallery on Flask, and the reference integration of upload sets."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from . import assets, cli, config, error_handlers, headers, secret_key, storage
from .accounts import guard
from .accounts.views import bp as account_pages
from .admin.views import bp as admin_pages
from .bodies import Bodies
from .errors import CannotStart
from .extensions import csrf, db, limiter, login_manager, migrate, queue
from .health import bp as health_pages
from .photos.models import Photo
from .photos.views import bp as photo_pages
from .upload_sets import media, photos, previews
from .uploads import UploadRequest, configure_uploads


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the application; `overrides` are the last word on its settings.

    :raises CannotStart: when the instance folder, the storage or a setting forbids it.
    """
    app = Flask(__name__, instance_path=config.instance_path(), instance_relative_config=True)
    app.request_class = UploadRequest  # writes the files of a form straight to where they stay
    config.configure(app, overrides)
    if app.config.get("UPLOADS_AUTOSERVE"):
        raise CannotStart("UPLOADS_AUTOSERVE is on: it would show everybody's private photos.")
    secret_key.init_app(app)

    for extension in (db, login_manager, limiter, queue):
        extension.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)

    configure_uploads(app, (photos, media))
    configure_uploads(app, previews)
    with app.app_context():
        storage.prepare(is_new=not Photo.is_any())

    app.before_request(guard.refuse_other_sites)
    csrf.init_app(app)
    app.before_request(guard.ask_who)
    for blueprint in (account_pages, photo_pages, admin_pages, health_pages):
        app.register_blueprint(blueprint)
    guard.mark_static(app)

    headers.init_app(app)
    error_handlers.init_app(app)
    assets.init_app(app)
    app.cli.add_command(cli.gallery)
    app.wsgi_app = Bodies(app.wsgi_app, app.config)  # type: ignore[method-assign]
    return app
