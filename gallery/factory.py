"""The application factory: settings, extensions, upload sets, guard, pages, in reading order."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from . import (
    assets,
    bodies,
    cli,
    compression,
    config,
    error_handlers,
    fragments,
    headers,
    languages,
    secret_key,
    settings,
    storage,
)
from .accounts import guard
from .accounts.appearance_views import bp as appearance_pages
from .accounts.entering_views import bp as entering_pages
from .accounts.export_views import bp as export_pages
from .accounts.leaving_views import bp as leaving_pages
from .accounts.link_views import bp as account_links
from .accounts.passkey_entry_views import bp as passkey_entry
from .accounts.passkey_views import bp as passkey_pages
from .accounts.provider_views import bp as provider_pages
from .accounts.second_step_views import bp as second_step_pages
from .accounts.settings_views import bp as settings_pages
from .accounts.tokens import bp as token_pages
from .accounts.views import bp as account_pages
from .admin.integrity_views import bp as integrity_pages
from .admin.invitation_views import bp as invitation_pages
from .admin.job_views import bp as job_pages
from .admin.person_views import bp as person_pages
from .admin.removal_views import bp as removal_pages
from .admin.settings_views import bp as place_settings
from .admin.storage_views import bp as storage_pages
from .admin.views import bp as admin_pages
from .albums.people_views import bp as album_people_pages
from .albums.photo_views import bp as album_photo_pages
from .albums.views import bp as album_pages
from .api.uploads import bp as api
from .api.uploads import parts as uploads_in_parts
from .at_once import Gallery
from .catalogues import bp as catalogues
from .errors import CannotStart
from .examples import bp as examples
from .extensions import csrf, db, limiter, login_manager, mailman, migrate, queue
from .health import bp as health_pages
from .keeping import cli as keeping
from .keyboard import bp as key_list
from .manifest import bp as manifest
from .photos.audience_views import bp as audience_pages
from .photos.batch_views import bp as batch
from .photos.change_views import bp as changes
from .photos.edit_views import bp as edit_pages
from .photos.grid_views import bp as grid_parts
from .photos.limits import space_of
from .photos.list_views import bp as list_pages
from .photos.models import Photo
from .photos.shift_views import bp as shift_pages
from .photos.trash_views import bp as trash_pages
from .photos.upload_views import bp as upload_pages
from .photos.views import bp as photo_pages
from .search.views import bp as search_pages
from .search.words import is_of_models
from .sharing.gift_views import bp as gift_pages
from .sharing.guest_views import bp as guest_pages
from .sharing.guest_views import parts as gifts_in_parts
from .sharing.public_views import bp as shared_pages
from .sharing.views import bp as sharing_pages
from .upload_sets import media, photos, previews  # `photos` hides the package of that name here
from .uploads import UploadRequest, configure_uploads


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the application; `overrides` are the last word on its settings.

    :raises CannotStart: when the instance folder, the storage or a setting forbids it.
    """
    app = Gallery("gallery", instance_path=config.instance_path(), instance_relative_config=True)
    app.request_class = UploadRequest  # writes the files of a form straight to where they stay
    config.configure(app, overrides)
    if app.config.get("UPLOADS_AUTOSERVE"):
        raise CannotStart("UPLOADS_AUTOSERVE is on: it would show everybody's private photos.")
    secret_key.init_app(app)

    for extension in (db, limiter, queue, mailman):
        extension.init_app(app)
    # Asked for when a page shows it, so that the pages of a broken database need no user.
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals.update(current_user=current_user, space_of=space_of)
    migrations = {"render_as_batch": True, "include_name": is_of_models}
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"), **migrations)

    configure_uploads(app, (photos, media))
    configure_uploads(app, previews)
    with app.app_context():
        storage.prepare(is_new=not Photo.is_any())

    # In this order, and all of it before a body is read: only then comes the form's token.
    headers.init_app(app)
    compression.init_app(app)
    bodies.init_app(app)
    app.before_request(guard.refuse_other_sites)
    app.before_request(guard.ask_who)
    csrf.init_app(app)
    app.before_request(guard.ask_again)
    for blueprint in (
        *(
            account_pages,
            entering_pages,
            account_links,
            provider_pages,
            settings_pages,
            second_step_pages,
            passkey_entry,
            passkey_pages,
            appearance_pages,
            token_pages,
            export_pages,
            leaving_pages,
        ),
        *(photo_pages, list_pages, grid_parts, upload_pages, trash_pages),
        *(audience_pages, edit_pages, shift_pages, batch, changes),
        *(album_pages, album_photo_pages, album_people_pages),
        *(sharing_pages, gift_pages, shared_pages, guest_pages),
        *(search_pages, admin_pages, person_pages, removal_pages, invitation_pages),
        *(job_pages, storage_pages, integrity_pages, place_settings),
        *(health_pages, manifest, key_list, catalogues, api),
    ):
        app.register_blueprint(blueprint)
    if app.debug:
        app.register_blueprint(examples)
    app.register_blueprint(uploads_in_parts, url_prefix="/api/uploads")
    guard.mark_all(app, uploads_in_parts, guard.programs)
    app.register_blueprint(gifts_in_parts, url_prefix="/s/<link>/files")
    guard.mark_all(app, gifts_in_parts, guard.everyone)
    guard.mark_static(app)
    # The guard has asked where they come from, before a body is read.
    for blueprint in (api, uploads_in_parts, gifts_in_parts):
        csrf.exempt(blueprint)

    error_handlers.init_app(app)
    languages.init_app(app)
    fragments.init_app(app)
    assets.init_app(app)
    settings.init_app(app)
    app.cli.add_command(cli.gallery)
    for command in (keeping.back_up, keeping.bring_back):
        cli.gallery.add_command(command)
    if app.config["TRUSTED_PROXIES"]:
        count = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app
