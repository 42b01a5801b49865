"""The doors of uploading: the page, its plain form, and the receipt."""

from collections.abc import Sequence
from contextlib import suppress

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from .. import settings, storage
from ..access import albums_visible_to
from ..accounts.guard import signed_in, user
from ..accounts.models import User
from ..albums.choosing import offered
from ..albums.models import Album, Entry
from ..errors import GalleryError, NotPossible
from ..extensions import begin_writing, csrf, db, queue
from ..upload_sets import ACCEPTED
from ..uploads import Spool, UploadError
from . import looking, receipts
from .models import Batch, BatchItem, Outcome
from .pages import batch_page
from .receipts import Chosen, Into, begin_batch, take_in
from .tiles import Links
from .wording import size_in_words

bp = Blueprint("sending", __name__)


@bp.get("/upload")
@signed_in
def new() -> ResponseReturnValue:
    return _upload_page()


def _upload_page(error: str = "") -> str:
    limit = settings.current().max_content_length
    return render_template(
        "photos/new.html",
        albums=offered(user()),
        into=request.values.get("album"),
        title=request.values.get("title", ""),
        limit=size_in_words(limit),
        limit_bytes=limit,
        accept=ACCEPTED,
        error=error,
    )


@bp.post("/photos")
@signed_in
@csrf.exempt  # its body may be a gigabyte: the guard has asked for the Origin instead
def create() -> ResponseReturnValue:
    owner = user()
    db.session.commit()  # while the body comes in, the request holds no connection
    storage.keep_room(request.content_length or 0)
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        return _upload_page(_("Choose at least one photo, video or recording.")), 422
    chosen = [Chosen(f.filename or "", Spool.of(f).size) for f in files]
    try:
        batch, items = begin_batch(owner, chosen, into=_into())
    except NotPossible as error:
        db.session.rollback()
        return _upload_page(error.description), error.code
    for number, (file, item) in enumerate(zip(files, items, strict=True)):
        try:
            _take_in(file, owner=owner, item=item)
        except (OperationalError, OSError):
            if number == 0:
                raise
            current_app.logger.exception("Request %s broke off.", g.request_id)
            flash(
                _(
                    "Only %(number)s of %(all)s files could be taken in. Send the others again.",
                    number=number,
                    all=len(files),
                ),
                "error",
            )
            break
    return redirect(url_for(".batch", public_id=batch.public_id), 303)


def _into() -> Into:
    return Into(request.form.get("album", ""), request.form.get("title", "").strip())


def _take_in(file: FileStorage, *, owner: User, item: BatchItem) -> None:
    with suppress(GalleryError, UploadError):  # the receipt says so
        taken = take_in(file, owner=owner, item=item)
        db.session.commit()
        if taken.job_id:
            queue.wake()


@bp.get("/upload/<public_id>")
@signed_in
def batch(public_id: str) -> ResponseReturnValue:
    mine = Batch.owned_by(user()).where(Batch.public_id == public_id)
    shown = _outcome(request.args.get("show"))
    links = Links.to(url_for("photos.show", public_id=""))
    page = batch_page(
        db.one_or_404(mine),
        outcome=shown,
        after=request.args.get("after", 0, type=int),
        photos=links.photos,
        pictures=links.pictures,
    )
    looking.hasten(page.pending)
    return render_template(
        "photos/batch.html",
        page=page,
        public_id=public_id,
        shown=shown,
        into=_albums_of(public_id),
        albums=offered(user()),
    )


def _items_of(public_id: str) -> Select[BatchItem]:
    """The rows of one's own receipt."""
    mine = Batch.owned_by(user()).where(Batch.public_id == public_id)
    return db.select(BatchItem).where(BatchItem.batch_id.in_(mine.with_only_columns(Batch.id)))


def _albums_of(public_id: str) -> Sequence[Album]:
    """The albums that what came was meant for, and is in."""
    is_there = (Entry.album_id == BatchItem.album_id) & (Entry.photo_id == BatchItem.photo_id)
    filled = _items_of(public_id).join(Entry, is_there).with_only_columns(Entry.album_id)
    visible = albums_visible_to(user()).where(Album.id.in_(filled))
    return db.session.scalars(visible.order_by(Album.title)).all()


@bp.post("/upload/<public_id>/album")
@signed_in
def place(public_id: str) -> ResponseReturnValue:
    """Put all that a receipt lists into an album."""
    begin_writing()
    db.one_or_404(Batch.owned_by(user()).where(Batch.public_id == public_id))
    problem = _("Choose an album, or name a new one.")
    try:
        album = receipts.album_of(user(), _into())
    except NotPossible as error:
        album, problem = None, error.description
    if album is None:
        flash(problem, "error")
        return redirect(url_for(".batch", public_id=public_id), 303)
    receipts.place(album, user(), _items_of(public_id))
    db.session.commit()
    return redirect(url_for("albums.show", slug=album.slug), 303)


def _outcome(word: str | None) -> Outcome | None:
    try:
        return Outcome(word) if word else None
    except ValueError:
        abort(404)
