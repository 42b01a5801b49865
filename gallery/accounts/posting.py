"""Has mails sent: the row says which, and a job sends it."""

import datetime as dt

from .. import mail
from ..extensions import begin_writing, db, now
from ..jobs.models import Job, Priority
from ..languages import spoken
from .models import Letter, LetterKind, User

KIND = "mail"
# One that could not be sent in so long is wanted by nobody.
KEPT = dt.timedelta(days=7)


def post(kind: LetterKind, address: str, user: User | None = None) -> None:
    """Have somebody written to, in the language of this request; where there is mail."""
    if not mail.is_on():
        return
    letter = Letter(kind=kind, address=address, user_id=user and user.id, language=str(spoken()))
    db.session.add(letter)
    db.session.flush()
    Job.want(KIND, letter.id, priority=Priority.LOOKING)


def forget_old() -> None:
    """Forget what was not sent in a week, and all jobs whose mail is gone; commits."""
    begin_writing()
    db.session.execute(db.delete(Letter).where(Letter.created_at < now() - KEPT))
    is_gone = Job.target.not_in(db.select(Letter.id))
    db.session.execute(db.delete(Job).where(Job.kind == KIND, is_gone))
    db.session.commit()
