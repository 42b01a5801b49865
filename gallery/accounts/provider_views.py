"""The doors of signing in by a provider: there and back, and who somebody is there."""

import hmac
import logging
import time
from typing import NamedTuple

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from .. import settings
from ..errors import BeginAgain, GalleryError, NotLetIn, ProviderFailed
from ..extensions import begin_writing, db, limiter
from ..photos.wording import time_in_words
from . import identities, provider
from .entering_views import let_in
from .forms import LoginForm, SureForm
from .guard import everyone, note_proof, own_page, signed_in, this_session, user
from .link_views import admission_of
from .models import AuditEntry, User
from .provider import Person, Question
from .settings_views import tries
from .views import Admission, login_page

bp = Blueprint("provider", __name__)
log = logging.getLogger("gallery")

# What somebody is away for is in the cookie of their browser, signed as all of it is.
AWAY = "away"
SECONDS = 15 * 60
SKEW = 120  # seconds that another's clock may be behind
DENIED = ("access_denied", "login_required", "interaction_required", "consent_required")
_wrong = limiter.shared_limit(
    lambda: current_app.config["LOGIN_LIMIT"],
    scope="provider",
    deduct_when=lambda answer: answer.status_code >= 400,
)


class Away(NamedTuple):
    """What somebody went to the provider for, and what they come back with is held against."""

    errand: str  # enter, link or prove
    next_page: str = ""
    remember: bool = False
    invitation: str = ""
    session: str = ""  # in which they went
    since: float = 0
    question: Question = Question("", "", "", "")


@bp.before_request
def _be_missing_where_there_is_none() -> None:
    if not provider.is_there():
        abort(404)


@bp.post("/login/provider")
@everyone
@_wrong
def begin() -> ResponseReturnValue:
    said = request.form
    next_page, invitation = own_page(said.get("next")) or "", said.get("invitation", "")[:100]
    return _leave(Away("enter", next_page, "remember" in said, invitation))


@bp.get("/login/provider/back")
@everyone
@_wrong
def back() -> ResponseReturnValue:
    """Hear from the provider's side who came back, and do what they went for."""
    away = _away()
    g.next_page = away.next_page
    _heed_error()
    person = provider.client().told(away.question, request.args.get("code", ""), _way_back())
    if away.errand == "link":
        return _link(person)
    return _prove(person, away) if away.errand == "prove" else _enter(person, away)


def _enter(person: Person, away: Away) -> ResponseReturnValue:
    begin_writing()
    found = identities.user_of(person) or _newcomer(person, away.invitation)
    if found.is_gone:
        raise _not_let_in()
    db.session.commit()
    return let_in(found, remember=away.remember, next_page=away.next_page)


def _newcomer(person: Person, invitation: str) -> User:
    place = settings.current()
    if invitation:
        admission = admission_of(invitation)
    elif place.registration_open or current_app.config["OIDC_CREATES_ACCOUNTS"]:
        admission = Admission(place.default_quota)
    else:
        raise _not_let_in()
    quota, is_admin, host = admission
    made = identities.make_account(person, _name(), quota=quota, is_admin=is_admin)
    if host:
        AuditEntry.write("joined", actor=made, subject=host)
    return made


def _not_let_in() -> NotLetIn:
    return NotLetIn(
        _("%(name)s opens no account here. Ask whoever runs this gallery.", name=_name())
    )


@bp.get("/settings/provider")
@signed_in
def show() -> ResponseReturnValue:
    return _page()


@bp.post("/settings/provider")
@signed_in
@tries
def link() -> ResponseReturnValue:
    form = SureForm(user())
    return _leave(Away("link")) if form.validate() else (_page(form), 422)


def _link(person: Person) -> ResponseReturnValue:
    begin_writing()
    identities.link(user(), person, _name())
    db.session.commit()
    flash(_("Linked: from now on %(name)s lets you in.", name=_name()))
    return redirect(url_for(".show"), 303)


@bp.post("/settings/provider/delete")
@signed_in
@tries
def delete() -> ResponseReturnValue:
    form = SureForm(user())
    if not form.validate():
        return _page(form), 422
    begin_writing()
    identities.unlink(user(), provider.issuer())
    db.session.commit()
    flash(_("%(name)s lets you in no more.", name=_name()))
    return redirect(url_for(".show"), 303)


@bp.post("/settings/provider/again")
@signed_in
@tries
def prove() -> ResponseReturnValue:
    """Have somebody without a password show once more who they are."""
    asked_on = own_page(request.form.get("next")) or ""
    if not current_app.url_map.bind("").test(asked_on, method="GET"):
        asked_on = url_for("settings.security")  # a form that was sent, and its page has no address
    return _leave(Away("prove", asked_on))


def _prove(person: Person, away: Away) -> ResponseReturnValue:
    mine = identities.of(user(), person.issuer)
    if mine is None or mine.subject != person.subject:
        raise NotLetIn(_("That is somebody else at %(name)s.", name=_name()))
    if person.seen_at < away.since - SKEW:
        raise ProviderFailed(_("%(name)s did not ask you anew who you are.", name=_name()))
    note_proof()
    return redirect(away.next_page, 303)


def _leave(away: Away) -> ResponseReturnValue:
    """Show the way to the provider, and take it."""
    g.next_page = away.next_page
    question = provider.client().ask(_way_back(), anew=away.errand == "prove")
    session[AWAY] = away._replace(
        session=this_session(), since=time.time(), question=question._replace(url="")
    )
    page = render_template("accounts/away.html", name=_name(), url=question.url)
    # No redirect: our policy lets forms lead to our own pages alone, and browsers hold it against
    # all that follows, at the provider too.
    return page, {"Refresh": f"0; url={question.url}", "Cache-Control": "no-store"}


def _away() -> Away:
    """Return what somebody went for, once.

    :raises BeginAgain: when nobody did in this browser and session, or not for this answer.
    """
    again = BeginAgain(_("That was begun elsewhere, or too long ago. Please begin again."))
    kept = session.pop(AWAY, None)
    if kept is None:
        raise again
    away = Away(*kept)
    away = away._replace(question=Question(*away.question))
    is_same = hmac.compare_digest(
        away.question.state.encode(), request.args.get("state", "").encode()
    )
    if not is_same or away.session != this_session() or time.time() - away.since > SECONDS:
        raise again
    return away


def _heed_error() -> None:
    """Raise what the provider says in place of a code."""
    if request.args.get("iss", provider.issuer()) != provider.issuer():
        raise ProviderFailed(_("That answer is not of %(name)s.", name=_name()))
    said = request.args.get("error")
    if said is None:
        return
    reason = ValueError(said, request.args.get("error_description"))
    if said in DENIED:
        raise NotLetIn(_("You stopped, or %(name)s did not let you in.", name=_name())) from reason
    raise ProviderFailed(
        _("%(name)s cannot say who you are just now. Try again in a moment.", name=_name())
    ) from reason


@bp.errorhandler(GalleryError)
def _failed(error: GalleryError) -> ResponseReturnValue:
    db.session.rollback()
    cause = error.__cause__ or error
    about = (g.request_id, type(cause).__name__, str(cause))
    log.warning("Request %s, by the provider: %s %r", *about)
    if isinstance(error, ProviderFailed):
        provider.forget()
    if current_user.is_authenticated:
        return _page(trouble=error.description), error.code
    form = LoginForm(formdata=None, data={"next": g.get("next_page", "")})
    return login_page(form, trouble=error.description), error.code


def _page(form: SureForm | None = None, *, trouble: str = "") -> str:
    found = identities.of(user(), provider.issuer())
    identity = found and {
        "email": found.email,
        "linked": time_in_words(found.created_at),
        "used": time_in_words(found.used_at),
    }
    return render_template(
        "accounts/provider.html",
        form=form or SureForm(user(), formdata=None),
        identity=identity,
        is_only_way=identities.ways_in(user()) == 1,
        trouble=trouble,
    )


def _way_back() -> str:
    """Return the address that the provider knows us by, to the letter."""
    return str(current_app.config["PUBLIC_URL"] + url_for("provider.back"))


def _name() -> str:
    return str(current_app.config["OIDC_NAME"])
