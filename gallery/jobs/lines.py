"""What waits of one kind, as a whole: whether it goes on, and since when it is busy."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, UTCDateTime, db, now


class Line(Model):
    """All the jobs of one kind."""

    __tablename__ = "job_lines"

    kind: Mapped[str] = mapped_column(primary_key=True)
    # While it is set, none of the kind is begun.
    paused_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # When the last one that waited was done: what was finished later is the present rush.
    emptied_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # While everything is made anew: whatever was finished before is still to be done.
    renewing_since: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    @classmethod
    def of(cls, kind: str) -> "Line":
        """Return the line of a kind as it is now; a new one is not flushed."""
        line = db.session.get(cls, kind, populate_existing=True)
        if line is None:
            line = cls(kind=kind)
            db.session.add(line)
        return line

    @classmethod
    def paused(cls) -> set[str]:
        """Return the kinds that an admin has paused."""
        return set(db.session.scalars(db.select(cls.kind).where(cls.paused_at.is_not(None))))

    def pause(self, *, goes_on: bool) -> None:
        self.paused_at = None if goes_on else now()
