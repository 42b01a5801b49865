"""Sends files one after the other: tells the gallery of all, asks what it has, sends the rest."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

from .journal import BATCH, Journal
from .parts import Sending
from .server import Refused, Server

Item = TypeVar("Item")

LISTED = 1000  # files in one question
TOGETHER = 100  # files that are read before the first of them is sent
UNREADABLE = "This file may not be read."


class Bar(Protocol):
    """What is asked of tqdm, which has no type hints."""

    n: float
    initial: float
    disable: bool

    def update(self, n: float) -> object: ...
    def set_description(self, desc: str) -> object: ...


@dataclass
class File:
    """A file that was chosen, and what is known of it."""

    path: Path
    size: int
    key: str
    modified: int  # milliseconds since 1970
    sha256: str = ""
    outcome: str = ""
    reason: str = ""
    is_final: bool = True

    @classmethod
    def at(cls, path: Path) -> "File":
        facts = path.stat()
        key = f"{path.absolute()}|{facts.st_size}|{facts.st_mtime_ns}"
        return cls(path, facts.st_size, key, facts.st_mtime_ns // 1_000_000)

    @property
    def name(self) -> str:
        """The name, also where its bytes are no text."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")


class Run:
    """A command on its way through its files."""

    def __init__(
        self,
        server: Server,
        files: Sequence[File],
        *,
        part: int,
        journal: Journal,
        bar: Bar,
        album: str = "",
    ) -> None:
        self.server, self.files, self.part, self.album = server, files, part, album
        self.journal, self.bar = journal, bar
        self._stored: set[str] = set()

    def perform(self) -> None:
        """Send all; each file comes to have its outcome.

        :raises Stop: when nothing more can be sent.
        """
        self._choose()
        if self.album:
            self._place()
        for group in groups(self.files, TOGETHER):
            readable = [file for file in group if self._read(file)]
            self._leave_out_known(readable)
            for file in readable:
                if not file.outcome:
                    self._send(file)

    @property
    def href(self) -> str:
        return self.server.url + str(self.journal[BATCH]["href"])

    def _choose(self) -> None:
        """Put every file on the receipt: on that of the last run, if it was not finished."""
        if BATCH in self.journal.notes and not self._ask("files", files=[]):
            self.journal.forget()
        keys = {file.key for file in self.files}
        notes = self.journal.notes.items()
        left_out = [note["id"] for key, note in notes if key not in keys and key != BATCH]
        for ids in groups(left_out, LISTED):
            self._ask("remove", files=ids)
        for group in groups([f for f in self.files if f.key not in self.journal.notes], LISTED):
            listed = [{"name": file.name, "size": file.size} for file in group]
            for file, id in zip(group, self._put_on_receipt(listed), strict=True):
                self.journal.note(file.key, id=id)

    def _place(self) -> None:
        """Have all go into the album, those too that are in the library already."""
        for group in groups([self.journal[file.key]["id"] for file in self.files], LISTED):
            self._ask("album", title=self.album, files=group)

    def _put_on_receipt(self, listed: list[dict[str, object]]) -> list[int]:
        if BATCH in self.journal.notes:
            answer = self._ask("files", files=listed)
        else:
            answer = self.server.ask("/api/uploads/batches", {"files": listed})
            self.journal.note(BATCH, id=answer["batch"], href=answer["href"])
        found: list[int] = answer["files"]
        return found

    def _ask(self, act: str, **question: object) -> dict[str, Any]:
        batch = self.journal[BATCH]["id"]
        return self.server.ask(f"/api/uploads/batches/{batch}/{act}", question)

    def _read(self, file: File) -> bool:
        self.bar.set_description(f"Reading {file.name[-24:]}")
        try:
            with file.path.open("rb") as stream:
                file.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            self._give_up(file, Refused(UNREADABLE))
            return False
        return True

    def _leave_out_known(self, files: list[File]) -> None:
        """Settle those that are in the library already, with those that are in its trash."""
        there = self._known(files)
        back = self._known(files, settle=True)
        for file in files:
            if file.sha256 in back:
                outcome = "already" if file.sha256 in there else "restored"
                # It came in, but the run that sent it was ended before it heard so.
                is_ours = self.journal[file.key].get("begun", False)
                self._settle(file, "added" if is_ours else outcome)
                self._skip(file.size)

    def _skip(self, size: int) -> None:
        """Go on in the bar without counting it as speed."""
        if not self.bar.disable:
            self.bar.initial += size
            self.bar.n += size

    def _known(self, files: list[File], *, settle: bool = False) -> dict[str, str]:
        question: dict[str, object] = {"sha256": [file.sha256 for file in files]}
        if settle:
            ids = {str(self.journal[file.key]["id"]): file.sha256 for file in files}
            question |= {"batch": self.journal[BATCH]["id"], "files": ids}
        found: dict[str, str] = self.server.ask("/api/uploads/known", question).get("known", {})
        return found

    def _send(self, file: File) -> None:
        if file.sha256 in self._stored:  # a copy of it was sent a moment ago
            self._leave_out_known([file])
            return
        self.bar.set_description(f"Sending {file.name[-24:]}")
        self.journal.note(file.key, begun=True)
        try:
            with file.path.open("rb") as stream:
                self._settle(file, self._sending(file, stream).run())
        except OSError:
            self._give_up(file, Refused(UNREADABLE))
        except Refused as refusal:
            self._give_up(file, refusal)

    def _sending(self, file: File, stream: BinaryIO) -> Sending:
        note = self.journal[file.key]
        kind = guess_type(file.name)[0] or "application/octet-stream"
        metadata = {
            "filename": file.name,
            "filetype": kind,
            "modified": str(file.modified),
            "sha256": file.sha256,
        }
        return Sending(
            self.server,
            stream,
            file.size,
            part=self.part,
            metadata=metadata | {"batch": self.journal[BATCH]["id"], "file": str(note["id"])},
            place=note.get("place", ""),
            begun=lambda place: self.journal.note(file.key, place=place),
            moved=self.bar.update,
        )

    def _settle(self, file: File, outcome: str) -> None:
        """The first word on how it came there stays, as on the receipt."""
        self._stored.add(file.sha256)
        file.outcome = self.journal[file.key].get("outcome", outcome)
        self.journal.note(file.key, outcome=file.outcome)

    def _give_up(self, file: File, refusal: Refused) -> None:
        file.outcome, file.reason, file.is_final = "refused", str(refusal), refusal.is_final
        self.journal.note(file.key, begun=False)
        self._ask("refuse", files={str(self.journal[file.key]["id"]): file.reason})


def groups(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
