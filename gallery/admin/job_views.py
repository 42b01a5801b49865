"""The doors of the jobs, for admins: how far they are, to try again, to pause."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from ..accounts.guard import admins
from ..accounts.models import AuditEntry
from ..extensions import begin_writing, db, queue
from ..jobs.lines import Line
from ..jobs.models import Job, JobState, Priority
from . import jobs

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")

AT_ONCE = 500


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    parked, older = jobs.parked(request.args.get("before"))
    return render_template(
        "admin/jobs.html",
        kinds=jobs.kinds(),
        running=jobs.running(),
        parked=parked,
        older=older and url_for(".index", before=older),
    )


@bp.post("/<int:job_id>/retry")
@admins
def retry(job_id: int) -> ResponseReturnValue:
    begin_writing()
    job = db.one_or_404(db.select(Job).filter_by(id=job_id, state=JobState.PARKED))
    jobs.again(job.kind, [job.target], priority=Priority.SENDER)
    db.session.commit()
    queue.wake()
    flash(_("It has another try."))
    return redirect(url_for(".index"), 303)


@bp.post("/retry")
@admins
def retry_all() -> ResponseReturnValue:
    begin_writing()
    AuditEntry.write("jobs retried", actor=current_user)
    number = 0
    for kind in jobs.KINDS:
        parked = db.select(Job.target).where(Job.kind == kind, Job.state == JobState.PARKED)
        while targets := list(db.session.scalars(parked.limit(AT_ONCE))):
            jobs.again(kind, targets, priority=Priority.NOBODY)
            db.session.commit()  # a long list is no reason to keep others from writing
            number += len(targets)
            begin_writing()
    db.session.commit()
    queue.wake()
    flash(
        ngettext(
            "%(count)s job has another try.",
            "%(count)s jobs have another try.",
            number,
            count=format_decimal(number),
        )
    )
    return redirect(url_for(".index"), 303)


@bp.post("/pause")
@admins
def pause() -> ResponseReturnValue:
    kind, goes_on = request.form.get("kind", ""), request.form.get("do") == "go on"
    if kind not in jobs.KINDS:
        abort(404)
    begin_writing()
    Line.of(kind).pause(goes_on=goes_on)
    AuditEntry.write("jobs go on" if goes_on else "jobs paused", actor=current_user)
    db.session.commit()
    queue.wake()
    return redirect(url_for(".index"), 303)
