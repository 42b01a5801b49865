"""The page of the jobs: how far each kind is, what runs, and what was given up."""

import datetime as dt
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, case, func, literal, tuple_, union_all

from .. import mail
from ..accounts import posting
from ..accounts.models import Letter, User
from ..extensions import db, now
from ..jobs.lines import Line
from ..jobs.models import Job, JobState, Priority
from ..languages import said
from ..photos import renewal, waiting
from ..photos.models import Photo
from ..photos.wording import duration_in_words, size_in_words, time_in_words

KINDS = {
    "derive": _l("Previews"),
    "clean": _l("Copies without places"),
    "postcard": _l("Pictures of links"),
    posting.KIND: _l("Mail"),
}
PAGE = 50
# What was done in so many minutes says how much a minute is.
RECENT = dt.timedelta(minutes=5)
SOME_SECONDS = 20.0  # less says nothing of a minute
STATES = {"paused": _l("Paused"), "at-work": _l("At work"), "idle": _l("Idle")}
UNFINISHED = (JobState.QUEUED, JobState.RUNNING, JobState.PARKED)


@dataclass(frozen=True)
class Kind:
    """All the work of one kind, as figures."""

    kind: str
    label: str
    waiting: int
    running: int
    parked: int
    done: int
    rate: float
    is_paused: bool

    @property
    def state(self) -> str:
        if self.is_paused:
            return "paused"
        return "at-work" if self.left else "idle"

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def left(self) -> int:
        return self.waiting + self.running

    @property
    def percent(self) -> int:
        return self.done * 100 // ((self.done + self.left) or 1)

    @property
    def progress(self) -> str:
        """How far the present rush is, and how long it will take."""
        if not self.left:
            return _("Nothing waits.")
        done, total = format_decimal(self.done), format_decimal(self.done + self.left)
        if self.is_paused or not self.rate:
            return _("%(done)s of %(total)s done", done=done, total=total)
        time = duration_in_words(self.left / self.rate * 60)
        return _("%(done)s of %(total)s done, %(time)s left", done=done, total=total, time=time)

    @property
    def a_minute(self) -> str:
        form = "0.0" if 0 < self.rate < 10 else "#,##0"
        return str(format_decimal(self.rate, format=form))


@dataclass(frozen=True)
class JobRow:
    """One job: what it is about, without showing it, and how it stands."""

    id: int
    what: str
    whose: str
    folder: str | None
    public_id: str | None
    when: str
    reason: str


def kinds() -> list[Kind]:
    """Return every kind that there can be with its figures."""
    shown = [kind for kind in KINDS if kind != posting.KIND or mail.is_on()]
    state = db.select(Job.kind, Job.state, func.count()).where(
        Job.kind.in_(KINDS), Job.state.in_(UNFINISHED)
    )
    counted = db.session.execute(state.group_by(Job.kind, Job.state))
    counts = {(kind, state): number for kind, state, number in counted}
    lines = {line.kind: line for line in db.session.scalars(db.select(Line))}
    ended = [_ended(lines.get(kind, Line(kind=kind))) for kind in shown]
    found = {row.kind: row for row in db.session.execute(union_all(*ended))}
    return [_kind(kind, counts, found[kind], lines.get(kind)) for kind in shown]


def _ended(line: Line) -> Select[tuple[object, ...]]:
    """Select how much of a kind was done in the present rush, how much recently, and since when."""
    emptied = line.emptied_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    since = now() - RECENT
    return db.select(
        literal(line.kind).label("kind"),
        func.sum(case((Job.finished_at > emptied, 1), else_=0)).label("rush"),
        func.sum(case((Job.finished_at > since, 1), else_=0)).label("recently"),
        func.min(case((Job.finished_at > since, Job.finished_at))).label("first"),
    ).where(
        Job.kind == line.kind,
        Job.state.in_((JobState.DONE, JobState.PARKED)),
        Job.finished_at > min(emptied, since),
    )


def _kind(
    kind: str, counts: dict[tuple[str, JobState], int], ended: Row, line: Line | None
) -> Kind:
    waiting, running, parked = (counts.get((kind, state), 0) for state in UNFINISHED)
    minutes = max(SOME_SECONDS, _age(ended.first)) / 60 if ended.first else 1.0
    return Kind(
        kind=kind,
        label=str(KINDS[kind]),
        waiting=waiting,
        running=running,
        parked=parked,
        done=ended.rush or 0,
        rate=(ended.recently or 0) / minutes,
        is_paused=line is not None and line.paused_at is not None,
    )


def running() -> list[JobRow]:
    """Return what is being done just now, the longest first."""
    rows = _rows(JobState.RUNNING).order_by(Job.started_at).limit(PAGE)
    return [_row(row, _running_for(row)) for row in _all(rows)]


def _running_for(row: Row) -> str:
    return _("for %(time)s", time=duration_in_words(_age(row.started_at)))


def parked(before: str | None) -> tuple[list[JobRow], str | None]:
    """Return a page of what was given up, the newest first, and the cursor of the next."""
    rows = _rows(JobState.PARKED).order_by(Job.finished_at.desc(), Job.id.desc())
    if place := _place(before):
        rows = rows.where(tuple_(Job.finished_at, Job.id) < place)
    found = _all(rows.limit(PAGE + 1))
    shown = [_row(row, time_in_words(row.finished_at)) for row in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return shown, f"{last.finished_at:%Y-%m-%dT%H:%M:%S.%f}_{last.id}" if last else None


def _place(cursor: str | None) -> tuple[dt.datetime, int] | None:
    moment, _sep, job_id = (cursor or "").partition("_")
    try:
        return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC), int(job_id) % 2**63
    except ValueError:
        return None


def _rows(state: JobState) -> Select[tuple[object, ...]]:
    about = (Job.id, Job.reason, Job.started_at, Job.finished_at)
    photo = (Photo.public_id, Photo.type, Photo.size, User.name, User.folder)
    is_mail = Job.kind == posting.KIND
    return (
        db.select(*about, *photo, Letter.address)
        .outerjoin(Photo, (Photo.id == Job.target) & ~is_mail)
        .outerjoin(Letter, (Letter.id == Job.target) & is_mail)
        .outerjoin(User, User.id == Photo.owner_id)
        .where(Job.kind.in_(KINDS), Job.state == state)
    )


def _all(rows: Select[tuple[object, ...]]) -> list[Row]:
    return list(db.session.execute(rows))


def _row(row: Row, when: str) -> JobRow:
    return JobRow(
        id=row.id,
        what=_what(row),
        whose=row.name or "",
        folder=row.folder,
        public_id=row.public_id,
        when=when,
        reason=said(row.reason),
    )


def _what(row: Row) -> str:
    if row.address:
        return _("A mail to %(address)s", address=row.address)
    return what_in_words(row.type, row.size) if row.type else _("Deleted")


def again(kind: str, targets: list[int], *, priority: Priority) -> None:
    """Give jobs of a kind another try; the caller commits and wakes the queue."""
    if kind == waiting.KIND:
        renewal.again(targets, priority=priority)
    else:
        Job.want_all(kind, targets, priority=priority)


def what_in_words(type_: str, size: int) -> str:
    """Return what a file is, without showing it: JPEG, 3.4 MB."""
    kind = type_.partition("/")[2].upper()
    return str(_("%(format)s, %(size)s", format=kind, size=size_in_words(size)))


def _age(moment: dt.datetime | None) -> float:
    return (now() - moment).total_seconds() if moment else 0.0
