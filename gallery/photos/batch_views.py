"""The doors of what is done with many photos at once: asked for, looked at, done."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from ..accounts.guard import own_page, signed_in, user
from ..errors import NotPossible, NotThere
from ..extensions import among, begin_writing, db, now, told_moment
from ..form import Form
from ..languages import Plural
from . import acts, many, places, trash, worded_acts, zips
from .acts import Act
from .attachments import attachment
from .batch_forms import CaptionForm, MovingForm, PuttingForm, WordsForm
from .models import Choice, Photo
from .picks import Picks, picked
from .preview import carried, is_many, preview
from .tags import at_hand, tidy
from .wording import number_of, size_in_words

bp = Blueprint("batch", __name__)

LONGEST = 4000  # bytes of an address that every server and proxy takes
DELETED = Plural("%(number)s photo deleted for good.", "%(number)s photos deleted for good.")
WHEN = Plural("When were %(number)s photo taken?", "When were %(number)s photos taken?")
WHERE = Plural("Where were %(number)s photo taken?", "Where were %(number)s photos taken?")
# What other doors ask more of; the form goes on to them.
ELSEWHERE = {
    "album": "album_photos.choose",
    "visibility": "audience.choose",
    "share": "sharing.choose",
}


@bp.post("/photos/batch")
@signed_in
def create() -> ResponseReturnValue:
    """Do with some photos what a form says by `do`, when it is `sure` or they are few."""
    do, picks = request.form.get("do", ""), picked(request.form, user())
    if do in ELSEWHERE:
        return redirect(url_for(ELSEWHERE[do]), 307)
    if do in acts.PLAIN:
        return done(picks, acts.PLAIN[do])
    if do not in ASKED:
        abort(400, _("Say what is to be done with them."))
    return ASKED[do](picks)


def done(picks: Picks, act: Act) -> ResponseReturnValue:
    """Do an act, or show first what it would change if that is much."""
    photos = act.photos(picks.photos)
    if not _is_sure() and is_many(photos):
        return render_template(
            "photos/sure.html",
            preview=preview(photos, act.button, act.before, act.after),
            which=picks.title,
            fields=carried(request.form),
            back=back_to(picks),
        )
    begin_writing()
    number, change = acts.perform(act, user(), picks.photos)
    db.session.commit()
    back = back_to(picks)
    undo = url_for("changes.undo", public_id=change.public_id, back=back)
    flash(act.done(number), f"undo:{undo}")
    return redirect(back, 303)


def _caption(picks: Picks) -> ResponseReturnValue:
    form = CaptionForm(**_asked())
    if not _is_said() or not form.validate():
        return _ask(picks, form, Plural("Caption %(number)s photo", "Caption %(number)s photos"))
    return done(picks, worded_acts.captioned(form.caption.data.strip()))


def _tag(picks: Picks) -> ResponseReturnValue:
    form = WordsForm(**_asked())
    if not _is_said() or not form.validate():
        return _ask_for_tags(picks, form)
    words, gone = tidy(form.words), tidy(form.gone)
    act = worded_acts.tagged(user(), words, gone)
    try:
        worded_acts.check_tags(user(), words, gone, act.photos(picks.photos))
    except NotPossible as error:
        form.tags.errors = [error.description]
        return _ask_for_tags(picks, form)
    return done(picks, act)


def _ask_for_tags(picks: Picks, form: WordsForm) -> ResponseReturnValue:
    title = Plural("Tag %(number)s photo", "Tag %(number)s photos")
    return _ask(picks, form, title, words=at_hand(user().id))


def _date(picks: Picks) -> ResponseReturnValue:
    form = MovingForm(**_asked())
    form.camera.choices = _cameras(picks)
    if not _is_said() or not form.validate():
        return _ask(picks, form, WHEN)
    if form.way.data == "set" and (clock := form.moment()):
        return done(picks, worded_acts.dated(clock, form.offset, form.camera.data))
    act = worded_acts.shifted(form.by, form.camera.data)
    try:
        worded_acts.check(form.by, act.photos(picks.photos))
    except NotPossible as error:
        form.way.errors = [error.description]
        return _ask(picks, form, WHEN)
    return done(picks, act)


def _cameras(picks: Picks) -> list[SelectChoice]:
    counted = picks.photos.where(Photo.is_shown(), Photo.camera != "").group_by(Photo.camera)
    rows = db.session.execute(
        counted.with_only_columns(Photo.camera, db.func.count()).order_by(Photo.camera)
    )
    named = [SelectChoice(name, f"{name} · {number_of(n, 'photo')}") for name, n in rows]
    return [SelectChoice("", _("Whatever took them")), *named]


def _place(picks: Picks) -> ResponseReturnValue:
    form = PuttingForm(**_asked())
    if not _is_said() or not form.validate():
        return _ask(picks, form, WHERE)
    places.load()  # now, and not while the lock is held
    at = form.coordinates
    if form.is_forgotten.data or at is None:
        return done(picks, worded_acts.placed(None, None, ""))
    words = places.name_of_place(*at) or f"{at.latitude:.4f}, {at.longitude:.4f}"
    return done(picks, worded_acts.placed(*at, words))


def _is_said() -> bool:
    """Tell whether the form comes with the words that it was asked for."""
    return "step" in request.form


def _is_sure() -> bool:
    return request.form.get("step") == "sure"


def back_to(picks: Picks) -> str:
    """Return the page that the form came from, or else that of its list."""
    home = picks.list.page() if picks.list else url_for("photos.index")
    return own_page(request.form.get("back")) or home


def _asked() -> dict[str, None]:
    return {} if _is_said() else {"formdata": None}


def _ask(
    picks: Picks, form: Form, title: Callable[[int], str], words: Sequence[str] = ()
) -> ResponseReturnValue:
    number = picks.count()
    page = render_template(
        "photos/batch_form.html",
        do=request.form["do"],
        title=title(number),
        number=number_of(number, "photo"),
        form=form,
        words=words,
        fields=picks.fields,
        back=back_to(picks),
    )
    return page, 422 if _is_said() else 200


def _delete(picks: Picks) -> ResponseReturnValue:
    """Delete for good what is in the trash; that is always asked first."""
    owner = user()
    chosen = trash.tiles_of(owner).where(picks.is_chosen)
    told = told_moment(request.form.get("until", "")) if _is_sure() else None
    until = told or trash.newest(chosen)
    # What came to the trash since the page that asked has not been counted by it.
    counted = trash.until(chosen, until or now()).with_only_columns(Photo.id)
    ids = list(db.session.scalars(counted))
    if until is None or not ids:
        raise NotThere(_("None of these photos is there any more."))
    doomed = trash.trashed_by(owner).where(Photo.id.in_(among(many.with_halves(ids))))

    if told is None:
        size = size_in_words(trash.extent(doomed)[1])
        return render_template(
            "photos/delete_many.html",
            count=number_of(len(ids), "photo"),
            number=len(ids),
            size=size,
            fields=[*picks.fields, ("until", until.isoformat())],
            back=back_to(picks),
        )
    while gone := trash.delete_rows(doomed):
        db.session.commit()
        trash.remove(gone)
    db.session.commit()
    flash(DELETED(len(ids)))
    return redirect(back_to(picks), 303)


def _download(picks: Picks) -> ResponseReturnValue:
    """Lead to the zip: what is got, and not sent for, can be taken up again where it broke."""
    chosen = [(name, value) for name, value in picks.fields if name != "back"]
    address = f"{url_for('.download')}?{urlencode(chosen)}"
    if len(address) > LONGEST:
        begin_writing()
        choice = Choice(owner_id=user().id, fields=chosen)
        db.session.add(choice)
        db.session.commit()
        address = url_for(".download", chosen=choice.public_id)
    return redirect(address, 303)


@bp.get("/photos/photos.zip")
@signed_in
def download() -> ResponseReturnValue:
    """Send what an address chooses, or what somebody has chosen before."""
    chosen: MultiDict[str, str] = request.args
    if "chosen" in chosen:
        mine = Choice.owned_by(user()).where(Choice.public_id == chosen["chosen"])
        chosen = MultiDict(tuple(pair) for pair in db.one_or_404(mine).fields)
    picks = picked(chosen, user())
    made = zips.zipped(picks)
    db.session.commit()  # nothing of the database is held while it goes out
    name = f"{picks.title or _('Photos')}.zip"
    return attachment(request, made.file, name, tag=made.tag, type="application/zip")


ASKED: dict[str, Callable[[Picks], ResponseReturnValue]] = {
    "caption": _caption,
    "tag": _tag,
    "date": _date,
    "place": _place,
    "delete": _delete,
    "download": _download,
}
