"""Who may see what: one select for pages and bytes alike."""

import datetime as dt

from flask import current_app
from sqlalchemy import Select

from .accounts.models import AuditEntry, User
from .extensions import db, now
from .photos.models import Photo


def visible_to(viewer: User) -> Select[Photo]:
    """Select the photos whose bytes the viewer may have.

    Their own; for an admin also those of a gallery that the log says they have opened,
    so that no admin's look goes unwritten.
    """
    owns = Photo.owner_id == viewer.id
    if not viewer.is_admin:
        return db.select(Photo).where(owns)
    since = now() - dt.timedelta(minutes=current_app.config["ADMIN_LOOK_MINUTES"])
    looked = AuditEntry.looked_into_by(viewer, since=since)
    return db.select(Photo).where(owns | Photo.owner_id.in_(looked))
