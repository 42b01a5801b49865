"""Checks what is stored, at once or by the worker, and keeps what was found."""

import time

from .. import storage
from ..extensions import begin_writing, db, now
from ..jobs.models import Job, Priority
from ..languages import N_
from ..photos.verify import Findings, Progress, compare_some, compare_whole, verify
from .models import Check

KIND = "verify"
# A worker that checks makes no previews meanwhile.
SECONDS = 5
# Of a disk that is gone every photo is a sentence; so many say it, too.
MOST_SENTENCES = 200
BROKEN_OFF = N_("This check did not come to its end; the log of the worker says why.")


def check(*, deep: bool, progress: Progress) -> Findings:
    """Check all at once, and write down what was found; the caller commits.

    :raises CannotStart: when the storage root is not mounted.
    """
    began_at = now()
    findings = verify(deep=deep, progress=progress)
    size = storage.quarantined()
    begin_writing()
    made = Check(began_at=began_at, is_deep=deep)
    db.session.add(made)
    db.session.flush()  # which fills in what nobody found yet
    _add(made, findings)
    made.ended_at, made.quarantined = now(), size
    return findings


def begin() -> None:
    """Have the worker check all; if it is at it, it goes on. The caller commits."""
    check = db.session.scalar(Check.last().where(Check.ended_at.is_(None)))
    if check is None:
        check = Check()
        db.session.add(check)
        db.session.flush()
    Job.want(KIND, check.id, priority=Priority.NOBODY)


def go_on(check_id: int) -> None:
    """Check for some seconds; the rest is another job, behind what people wait for."""
    last, until = _check(check_id).last_photo, time.monotonic() + SECONDS
    while time.monotonic() < until:
        findings, after = compare_some(last)
        size = 0
        if after is None:
            compare_whole(findings)
            size = storage.quarantined()
        begin_writing()
        check = _check(check_id)
        if check.ended_at or check.last_photo != last:  # another had the job, too
            return
        _add(check, findings)
        if after is None:
            check.ended_at, check.quarantined = now(), size
            return
        check.last_photo = last = after
        db.session.commit()
    begin_writing()
    Job.want(KIND, check_id, priority=Priority.NOBODY)


def give_up(check_id: int, _reason: str) -> None:
    """Say on its page that a check broke off."""
    check = _check(check_id)
    _add(check, Findings(wrong=[BROKEN_OFF]))
    check.ended_at = now()


def _check(check_id: int) -> Check:
    return db.session.get_one(Check, check_id, populate_existing=True)


def _add(check: Check, findings: Findings) -> None:
    check.photos += findings.photos
    check.wrong += len(findings.wrong)
    check.without_row += len(findings.without_row)
    check.sentences = [*check.sentences, *findings.wrong][:MOST_SENTENCES]
