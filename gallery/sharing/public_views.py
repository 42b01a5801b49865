"""The doors of a link's visitors: its page, its photos, their bytes, and the lock before them."""

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
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
from ..assets import FRONTEND
from ..extensions import begin_writing, csrf, db, limiter, queue
from ..headers import asked_again
from ..photos import cleaning, sections
from ..photos.attachments import attachment
from ..photos.cleaning import NotClean
from ..photos.documents import document
from ..photos.grids import grid_page
from . import announcing, guard, links, showing
from .links import NotShared
from .models import ShareLink

bp = Blueprint("shared", __name__, url_prefix="/s/<token>")

guard.init_app(bp)


@bp.get("")
@everyone
def show(token: str) -> ResponseReturnValue:
    link = guard.opened()
    if not link.shows_photos:
        return redirect(url_for("guests.new", token=token), 303)
    grid = grid_page(showing.list_of(link, token), showing.place_in(link, request.args))
    shared = showing.shared_page(link, token, grid)
    page = render_template("sharing/show.html", page=shared, **guard.addresses())
    if not request.args:
        _note_view(link)
    return page


def _note_view(link: ShareLink) -> None:
    is_owner = viewer() is not None and user().id == link.owner_id
    try:
        begin_writing()
        if not is_owner:
            links.note_view(link)
        is_to_come = announcing.want_postcard(link)
        db.session.commit()
    except OperationalError:  # a database that is locked or full can still be read
        db.session.rollback()
    else:
        if is_to_come:
            queue.wake()


@bp.get("/og.jpg")
@everyone
def postcard(token: str) -> ResponseReturnValue:
    """Send what stands for the link in other sites, which know no password."""
    made = announcing.postcard_of(links.found(token))
    config = made and current_app.upload_set_config.get(made.set_name)  # type: ignore[attr-defined]
    answer = (
        send_from_directory(config.destination, made.filename, conditional=False, etag=made.digest)
        if made and config
        else send_from_directory(FRONTEND, "postcard.jpg", conditional=False)
    )
    # One may stand in another's place and be older: only the tags tell them apart.
    del answer.headers["Last-Modified"]
    return asked_again(request, answer)


@bp.get("/p/<name>")
@everyone
def photo(token: str, name: str) -> ResponseReturnValue:
    page = showing.photo_of(guard.looked_through(), token, name)
    return render_template("photos/show.html", page=page)


@bp.get("/p/<name>/info")
@everyone
def about(token: str, name: str) -> ResponseReturnValue:
    page = showing.photo_of(guard.looked_through(), token, name)
    return render_template("photos/_about.html", page=page)


@bp.get("/shape")
@everyone
def shape(token: str) -> ResponseReturnValue:
    link = guard.looked_through()
    shapes = document(showing.list_of(link, token), showing.place_in(link, request.args))
    return asked_again(request, jsonify(shapes.as_json()))


@bp.get("/section")
@everyone
def section(token: str) -> ResponseReturnValue:
    link = guard.looked_through()
    photos = showing.list_of(link, token)
    rows = sections.rows_from(photos, showing.place_in(link, request.args))
    if not rows:
        raise NotShared("This link is not shared.")
    part = render_template("photos/_section.html", tiles=sections.tiles_in(photos, rows))
    return asked_again(request, Response(part))


@bp.get("/i/<name>/<variant>.<digest>.<extension>")
@everyone
def preview(
    token: str, name: str, variant: str, digest: str, extension: str
) -> ResponseReturnValue:
    found = showing.preview_of(guard.looked_through(), name, variant, digest)
    config = current_app.upload_set_config.get(found.set_name)  # type: ignore[attr-defined]
    if config is None:
        raise NotShared("This link is not shared.")
    response = send_from_directory(config.destination, found.filename, etag=False)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@bp.get("/d/<name>")
@everyone
def download(token: str, name: str) -> ResponseReturnValue:
    photo, file, tag = showing.file_of(guard.looked_through(), name)
    return attachment(request, file, photo.download_name, tag=tag, type=photo.type)


@bp.get("/photos.zip")
@everyone
def download_all(token: str) -> ResponseReturnValue:
    link = guard.looked_through()
    made = showing.zip_of(link, token)
    title = link.album.title if link.album else _("Photos")
    db.session.commit()  # nothing of the database is held while it goes out
    return attachment(request, made.file, f"{title}.zip", tag=made.tag, type="application/zip")


@bp.post("/unlock")
@everyone
@csrf.exempt
@limiter.limit(
    lambda: current_app.config["UNLOCK_LIMIT"],
    # Of a password, or of the link itself, whose blueprint's limit this one takes the place of.
    deduct_when=lambda answer: answer.status_code in (401, 404),
)
def unlock(token: str) -> ResponseReturnValue:
    """Open the link to who knows its password, and lead on to where they wanted to go."""
    link = links.found(token)
    form = guard.UnlockForm()
    home = url_for(".show", token=token)
    if link.password_hash is not None and not fits(link.password_hash, form.password.data or ""):
        form.password.errors = [_("This is not the password of this link.")]
        return guard.locked_page(form), 401
    way = own_page(request.form.get("next")) or home
    answer = redirect(way if way.startswith((f"{home}/", f"{home}?")) else home, 303)
    answer.set_cookie(
        guard.COOKIE,
        links.key_of(link),
        path=home,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


@bp.errorhandler(NotClean)
def _not_clean(error: NotClean) -> ResponseReturnValue:
    """Have the files looked at that nobody has looked at yet, and ask to wait for that."""
    link = guard.looked_through()
    begin_writing()
    cleaning.want(originals_shared_by(link))
    db.session.commit()
    queue.wake()
    page = render_template("sharing/closed.html", sentence=error.description)
    return page, 503, {"Retry-After": "30"}
