"""The page of the jobs: its figures, what was given up, and who may pause."""

import datetime as dt
import re

import pytest
from sqlalchemy import event

from gallery.accounts.models import AuditEntry
from gallery.admin import jobs
from gallery.extensions import begin_writing, db, now
from gallery.jobs.lines import Line
from gallery.jobs.models import Job, JobState
from gallery.photos.models import Photo, State
from tests.conftest import Browser
from tests.make import jpeg, make_photo, make_user, sign_in

OTHERS = ("clean", "postcard", "mail")
REASON = "This picture took longer than 15 seconds to read."


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


def add_jobs(*jobs_: Job) -> None:
    begin_writing()
    db.session.add_all(jobs_)
    db.session.commit()


def job(target: int, state: JobState, *, seconds: float = 0, reason: str = "") -> Job:
    """A job that ended so many seconds ago, or began to run."""
    ended = now() - dt.timedelta(seconds=seconds)
    is_over = state in (JobState.DONE, JobState.PARKED)
    return Job(
        kind="derive",
        target=target,
        state=state,
        reason=reason,
        started_at=ended - dt.timedelta(seconds=1),
        finished_at=ended if is_over else None,
        lease_until=now() + Job.LEASE if state is JobState.RUNNING else None,
    )


@pytest.fixture
def given_up(boss: Browser) -> Photo:
    """A photo of Ada's whose job is parked."""
    photo = make_photo(make_user(), jpeg())
    begin_writing()
    photo.state = State.FAILED
    parked = db.session.scalars(db.select(Job)).one()
    parked.state, parked.reason, parked.kills = JobState.PARKED, REASON, 2
    parked.finished_at = now()
    db.session.commit()
    return photo


def figures(page: str) -> dict[str, str]:
    """Those of the previews, which are the first line of the page."""
    first, _, _ = page.partition("</dl>")
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", first))


def test_the_figures_of_a_rush(boss: Browser) -> None:
    begin_writing()
    Line.of("derive").emptied_at = now() - dt.timedelta(seconds=100)
    db.session.commit()
    add_jobs(
        *(job(n, JobState.DONE, seconds=200) for n in range(10)),
        *(job(n, JobState.DONE, seconds=30) for n in range(10, 40)),
        *(job(n, JobState.QUEUED) for n in range(40, 108)),
        *(job(n, JobState.RUNNING) for n in range(108, 110)),
    )

    page = boss.get("/admin/jobs").text

    found = figures(page)
    assert (found["Waiting"], found["Running"], found["Given up"]) == ("68", "2", "0")
    assert "30 of 100 done, " in page and " left" in page
    assert float(found["A minute"]) == pytest.approx(40 / 200 * 60, abs=0.5)
    assert 'value="30"' in page and "At work" in page and "for 1 second" in page


def test_nothing_waits(boss: Browser) -> None:
    page = boss.get("/admin/jobs").text

    assert "Nothing waits." in page and "Idle" in page and "% done" not in page
    assert "Nothing was given up." in page


def test_what_was_given_up_says_whose_and_why_and_shows_nothing(
    boss: Browser, given_up: Photo
) -> None:
    page = boss.get("/admin/jobs").text

    assert REASON in page and "Ada Moreau" in page and "JPEG, " in page
    assert given_up.client_name not in page
    assert f"/p/{given_up.public_id}" in page, "where the look is logged"
    assert not db.session.scalars(db.select(AuditEntry)).all()


def test_one_has_another_try(boss: Browser, given_up: Photo) -> None:
    job_id = db.session.scalars(db.select(Job.id)).one()

    answer = boss.submit(f"/admin/jobs/{job_id}/retry")

    row = db.session.get(Job, job_id, populate_existing=True)
    assert (answer.status_code, answer.location) == (303, "/admin/jobs")
    assert (row.state, row.kills, row.reason) == (JobState.QUEUED, 0, "")
    assert db.session.get(Photo, given_up.id, populate_existing=True).state is State.PENDING
    assert boss.submit(f"/admin/jobs/{job_id}/retry").status_code == 404


def test_all_have_another_try_and_the_log_knows(
    boss: Browser, given_up: Photo, monkeypatch
) -> None:
    add_jobs(*(job(1000 + n, JobState.PARKED) for n in range(5)))
    monkeypatch.setattr("gallery.admin.job_views.AT_ONCE", 2)

    page = boss.submit("/admin/jobs/retry")

    assert page.status_code == 303
    assert set(db.session.scalars(db.select(Job.state))) == {JobState.QUEUED}
    assert "6 jobs have another try." in boss.get("/admin/jobs").text
    assert "Had all that was given up tried again" in boss.get("/admin/audit").text


def test_what_is_no_preview_has_another_try_as_what_it_is(boss: Browser, given_up: Photo) -> None:
    add_jobs(*(Job(kind=kind, target=given_up.id, state=JobState.PARKED) for kind in OTHERS))

    boss.submit("/admin/jobs/retry")

    rows = db.session.execute(db.select(Job.kind, Job.state)).all()
    assert set(rows) == {(kind, JobState.QUEUED) for kind in ("derive", *OTHERS)}


def test_pausing_and_going_on(boss: Browser, given_up: Photo) -> None:
    boss.submit("/admin/jobs/pause", kind="derive", do="pause")
    assert Line.paused() == {"derive"}
    assert "Paused" in boss.get("/admin/jobs").text

    boss.submit("/admin/jobs/pause", kind="derive", do="go on")

    assert Line.paused() == set()
    acts = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["jobs paused", "jobs go on"]
    assert boss.submit("/admin/jobs/pause", kind="nonsense").status_code == 404


def test_what_was_given_up_goes_on_page_by_page(boss: Browser, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    add_jobs(*(job(n, JobState.PARKED, seconds=n, reason=f"Reason {n}.") for n in range(5)))
    seen, url = [], "/admin/jobs"

    while url:
        page = boss.get(url).text
        seen += re.findall(r"Reason (\d)", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = older and older[1]

    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("cursor", ["x", "_", "2026-01-01_x", "2026-01-01T00:00:00_-5", "9_9"])
def test_a_cursor_that_is_none_is_the_first_page(boss: Browser, given_up: Photo, cursor) -> None:
    assert boss.get(f"/admin/jobs?before={cursor}").status_code == 200


def test_the_page_takes_at_most_eight_statements_each_with_its_index(
    boss: Browser, given_up: Photo
) -> None:
    add_jobs(*(job(1000 + n, list(JobState)[n % 4], seconds=n) for n in range(400)))
    told = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: told.append((a[2], a[3])))

    boss.get("/admin/jobs")

    asked = [(statement, values) for statement, values in told if statement.startswith("SELECT")]
    assert len(asked) <= 8, "\n".join(statement for statement, _ in asked)
    looks = [look for each in asked if "FROM jobs" in each[0] for look in plan(*each)]
    assert looks and all("jobs USING" in look or "SEARCH" in look for look in looks), looks


def plan(statement: str, values: object) -> list[str]:
    """How SQLite reads the tables of a statement."""
    rows = db.session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
    return [row[-1] for row in rows if row[-1].startswith(("SCAN", "SEARCH"))]
