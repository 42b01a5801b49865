"""The doors of a link's visitors: its page, its photos, their bytes, and the lock before them."""

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from ..access import originals_shared_by
from ..accounts.guard import everyone, own_page, user, viewer
from ..accounts.signing_in import fits
from ..extensions import begin_writing, csrf, db, limiter, queue
from ..photos import cleaning, sections
from ..photos.attachments import attachment
from ..photos.cleaning import NotClean
from ..photos.documents import document
from ..photos.grids import grid_page
from . import links, showing
from .forms import UnlockForm
from .links import Locked, NotShared
from .models import ShareLink

bp = Blueprint("shared", __name__, url_prefix="/s/<token>")

COOKIE = "unlock"
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
# Whoever tries addresses is slowed down, and nobody who has one.
limiter.limit(
    lambda: current_app.config["LINK_LIMIT"], deduct_when=lambda answer: answer.status_code == 404
)(bp)


@bp.get("")
@everyone
def show(token: str) -> ResponseReturnValue:
    link = _opened(token)
    grid = grid_page(showing.list_of(link, token), request.args)
    page = render_template("sharing/show.html", page=showing.shared_page(link, token, grid))
    if not request.args and (viewer() is None or user().id != link.owner_id):
        _note_view(link)
    return page


def _note_view(link: ShareLink) -> None:
    try:
        begin_writing()
        links.note_view(link)
        db.session.commit()
    except OperationalError:  # a database that is locked or full can still be read
        db.session.rollback()


@bp.get("/p/<public_id>")
@everyone
def photo(token: str, public_id: str) -> ResponseReturnValue:
    page = showing.photo_of(_opened(token), token, public_id)
    return render_template("photos/show.html", page=page)


@bp.get("/p/<public_id>/info")
@everyone
def about(token: str, public_id: str) -> ResponseReturnValue:
    page = showing.photo_of(_opened(token), token, public_id)
    return render_template("photos/_about.html", page=page)


@bp.get("/shape")
@everyone
def shape(token: str) -> ResponseReturnValue:
    return document(showing.list_of(_opened(token), token), request.args).as_json()


@bp.get("/section")
@everyone
def section(token: str) -> ResponseReturnValue:
    photos = showing.list_of(_opened(token), token)
    rows = sections.rows_from(photos, request.args)
    if not rows:
        raise NotShared("This link is not shared.")
    return render_template("photos/_section.html", tiles=sections.tiles_in(photos, rows))


@bp.get("/i/<public_id>/<variant>.<digest>.<extension>")
@everyone
def preview(
    token: str, public_id: str, variant: str, digest: str, extension: str
) -> ResponseReturnValue:
    found = showing.preview_of(_opened(token), public_id, variant, digest)
    config = current_app.upload_set_config.get(found.set_name)  # type: ignore[attr-defined]
    if config is None:
        raise NotShared("This link is not shared.")
    response = send_from_directory(config.destination, found.filename, etag=False)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@bp.get("/d/<public_id>")
@everyone
def download(token: str, public_id: str) -> ResponseReturnValue:
    photo, file, tag = showing.file_of(_opened(token), public_id)
    return attachment(request, file, photo.download_name, tag=tag, type=photo.type)


@bp.get("/photos.zip")
@everyone
def download_all(token: str) -> ResponseReturnValue:
    link = _opened(token)
    made = showing.zip_of(link, token)
    name = f"{link.album.title if link.album else _('Photos')}.zip"
    db.session.commit()  # nothing of the database is held while it goes out
    return attachment(request, made.file, name, tag=made.tag, type="application/zip")


@bp.post("/unlock")
@everyone
@csrf.exempt
@limiter.limit(
    lambda: current_app.config["UNLOCK_LIMIT"], deduct_when=lambda answer: answer.status_code == 401
)
def unlock(token: str) -> ResponseReturnValue:
    """Open the link to who knows its password, and lead on to where they wanted to go."""
    link = links.found(token)
    form = UnlockForm()
    home = url_for(".show", token=token)
    if link.password_hash is not None and not fits(link.password_hash, form.password.data or ""):
        form.password.errors = [_("This is not the password of this link.")]
        return _locked_page(form), 401
    way = own_page(request.form.get("next")) or home
    answer = redirect(way if way.startswith((f"{home}/", f"{home}?")) else home, 303)
    answer.set_cookie(
        COOKIE,
        links.key_of(link),
        path=home,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def _opened(token: str) -> ShareLink:
    return links.opened(token, request.cookies.get(COOKIE))


@bp.errorhandler(Locked)
def _locked(_error: Locked) -> ResponseReturnValue:
    return _locked_page(UnlockForm(formdata=None)), 401


def _locked_page(form: UnlockForm) -> str:
    token = (request.view_args or {})["token"]
    here = request.form.get("next") or request.full_path.rstrip("?")
    action = url_for(".unlock", token=token)
    return render_template("sharing/locked.html", form=form, action=action, next=here)


@bp.errorhandler(NotShared)
def _not_shared(_error: NotShared) -> ResponseReturnValue:
    return render_template("sharing/closed.html"), 404


@bp.errorhandler(NotClean)
def _not_clean(error: NotClean) -> ResponseReturnValue:
    """Have the files looked at that nobody has looked at yet, and ask to wait for that."""
    link = _opened((request.view_args or {})["token"])
    begin_writing()
    cleaning.want(originals_shared_by(link))
    db.session.commit()
    queue.wake()
    page = render_template("sharing/closed.html", sentence=error.description)
    return page, 503, {"Retry-After": "30"}


@bp.after_request
def _say_nothing_of_it(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
