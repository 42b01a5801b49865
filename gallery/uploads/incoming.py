"""Files that arrive in several goes: their bytes, and what is known of them.

What came is not synced until the whole file is saved: a power cut takes some of it away, the
sender is told where to go on, and nothing that was called saved is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

from .exceptions import N_, UploadError, UploadTooLarge, full_disk_noticed
from .parts import opened
from .spool import Digest, Spool, staging_folder

DAY = 24 * 3600
DIGESTS = 1024  # running digests in memory; whoever drops out has its bytes read once more

_digests: OrderedDict[str, Digest] = OrderedDict()


class UploadMissing(UploadError):
    """There is no such upload, or it is another's."""

    code = 404
    sentence = N_("There is no such upload.")


class UploadExpired(UploadError):
    """Nothing came for longer than its lifetime."""

    code = 410
    sentence = N_("This upload was left alone for too long. Please send the file again.")


class UploadBusy(UploadError):
    """Another request is adding to it."""

    code = 423
    sentence = N_("Another request is adding to this upload. Please try again.")


class TooManyUploads(UploadError):
    """The owner has begun too many without finishing them."""

    code = 429
    sentence = N_("Too many uploads have been begun. Please finish some of them first.")


@dataclass(frozen=True)
class Outcome:
    """What became of a whole file: what is told of it, or the code and sentence of a refusal.

    :param told: what is told of a file that was taken.
    :param code: the HTTP status of a refusal; 0 for none.
    :param sentence: the sentence of a refusal.
    """

    told: dict[str, str] = field(default_factory=dict)
    code: int = 0
    sentence: str = ""


@dataclass(frozen=True)
class Upload:
    """What is known of a file that arrives in several goes.

    :param set: the name of the set it is for.
    :param owner: whose it is.
    :param length: how many bytes are announced.
    :param metadata: what the sender says of it: ``filename``, ``filetype`` and what it likes.
    :param lifetime: for how many seconds it is kept when nothing comes.
    :param id: tells it from all others.
    :param size: how many bytes are here.
    :param expires: when its lifetime ends, in seconds since the epoch.
    :param trial: how many bytes are sure, while those behind them are not checked yet.
    :param outcome: what became of it; None until it is whole and was taken or refused.
    """

    set: str
    owner: str
    length: int
    metadata: dict[str, str] = field(default_factory=dict)
    lifetime: float = DAY
    id: str = ""
    size: int = 0
    expires: float = 0
    trial: int | None = None
    outcome: Outcome | None = None

    @property
    def filename(self) -> str:
        """What the sender calls it; empty if it did not say."""
        return self.metadata.get("filename") or self.metadata.get("name", "")

    @property
    def offset(self) -> int:
        """Where the sender goes on.

        Of a whole file whose outcome is unknown, the last byte is asked for once more.
        """
        # Else a sender would take it for saved, when the server died just before it was.
        return self.length if self.outcome else min(self.size, max(self.length - 1, 0))


class Begun(NamedTuple):
    """What an owner has begun and not finished.

    :param files: how many.
    :param bytes: how many bytes are announced.
    :param missing: how many of them are still to come.
    """

    files: int = 0
    bytes: int = 0
    missing: int = 0


class Incoming:
    """The files on their way to an application: ``.incoming`` in its staging folder.

    :param staging: another staging folder.
    """

    def __init__(self, staging: str | None = None) -> None:
        self.folder = os.path.join(staging or staging_folder(), ".incoming")

    def create(self, upload: Upload, most: int) -> Upload:
        """Begin an upload.

        :param upload: what is announced.
        :param most: how many an owner may have begun and not finished in one set.
        :return: the same, with its id.
        :raises TooManyUploads: if there are as many already.
        :raises StorageFull: if there is no room.
        """
        upload = replace(upload, id=_whose(upload.set, upload.owner) + secrets.token_hex(16))
        with full_disk_noticed():
            os.makedirs(self.folder, 0o700, exist_ok=True)
            with opened(self.folder) as folder:
                if len(_unfinished(folder, upload.set, upload.owner)) >= most:
                    raise TooManyUploads
                # The folder keeps others out; the mode is that of the file it will become.
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
                os.close(os.open(upload.id, flags, 0o666, dir_fd=folder))
                _note(folder, upload)
                return _read(folder, upload.id)

    def begun(self, set: str, owner: str) -> Begun:
        """What an owner has begun and not finished, for whoever promises room.

        :param set: the name of the set.
        :param owner: whose uploads.
        :return: their number and bytes.
        """
        uploads = []
        with contextlib.suppress(UploadMissing), self._opened() as folder:
            for id in _unfinished(folder, set, owner):
                with contextlib.suppress(UploadMissing):  # finished since it was listed
                    uploads.append(_read(folder, id))
        alive = [each for each in uploads if each.expires >= time.time()]
        missing = sum(each.length - each.size for each in alive)
        return Begun(len(alive), sum(each.length for each in alive), missing)

    def find(self, id: str) -> Upload:
        """What is known of an upload now.

        :param id: which.
        :raises UploadMissing: if there is none.
        :raises UploadExpired: if it was left alone for too long.
        """
        with self._opened() as folder:
            upload = _read(folder, id)
        if upload.expires < time.time():
            raise UploadExpired
        return upload

    @contextlib.contextmanager
    def locked(self, id: str) -> Iterator[Arrival]:
        """An unfinished upload, for this request alone.

        :param id: which.
        :raises UploadBusy: if another request has it, or finished it just now.
        :raises UploadMissing: if there is none.
        """
        with self._opened() as folder, contextlib.ExitStack() as stack:
            try:
                fd = stack.enter_context(_locked(folder, id))
            except FileNotFoundError as error:
                raise UploadBusy from error
            # Only now: whoever had the lock before may have finished or deleted it.
            upload = _read(folder, id)
            if upload.outcome:
                raise UploadBusy
            if upload.trial is not None:
                os.ftruncate(fd, upload.trial)
                upload = replace(upload, size=upload.trial, trial=None)
                _note(folder, upload)
            spool = Spool.reopened(folder, id, _digests.pop(id, None))
            arrival = Arrival(folder, fd, upload, stack.enter_context(contextlib.closing(spool)))
            stack.callback(arrival.leave)
            yield arrival

    def delete(self, id: str) -> None:
        """Forget an upload, finished or not; what was saved stays.

        If a request is adding to it, that one takes the bytes away when it ends.

        :param id: which.
        """
        with self._opened() as folder:
            try:
                _forget(folder, id)
            except UploadBusy:
                _remove(folder, f"{id}.json")

    def sweep(self) -> int:
        """Delete what has expired, never what is being added to.

        :return: how many uploads that were.
        """
        swept = 0
        with contextlib.suppress(UploadMissing), self._opened() as folder:
            for id in {name.partition(".")[0] for name in os.listdir(folder)}:
                with contextlib.suppress(UploadBusy):
                    if _expires(folder, id) < time.time():
                        _forget(folder, id)
                        swept += 1
        return swept

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        with contextlib.ExitStack() as stack:
            try:
                folder = stack.enter_context(opened(self.folder))
            except FileNotFoundError as error:
                raise UploadMissing from error
            yield folder


class Arrival:
    """An upload that the holder alone may add to; once whole, its bytes are never written again.

    ``upload`` is what was known of it at first, ``spool`` the file so far.

    :param folder: the open folder that has it.
    :param fd: what holds its lock.
    :param upload: what is known of it at first.
    :param spool: the file so far.
    """

    def __init__(self, folder: int, fd: int, upload: Upload, spool: Spool) -> None:
        self.upload = upload
        self.spool = spool
        self._folder = folder
        self._fd = fd

    @property
    def is_whole(self) -> bool:
        """Whether all that was announced is here."""
        return self.spool.size == self.upload.length

    @property
    def is_forgotten(self) -> bool:
        """Whether it was deleted meanwhile."""
        return _stat(self._folder, f"{self.upload.id}.json") is None

    def append(self, offset: int, pieces: Iterable[memoryview]) -> None:
        """Add bytes; what came before an error is kept.

        :param offset: where the first of them belongs; what is here already is left out.
        :param pieces: the bytes, as they come.
        :raises UploadTooLarge: if more came than was announced; the surplus is not kept.
        :raises StorageFull: if there is no room for them.
        """
        for piece in pieces:
            fresh = memoryview(piece)[self.spool.size - offset :]
            offset += len(piece)
            room = self.upload.length - self.spool.size
            with full_disk_noticed():
                self.spool.write(fresh[:room])
            if len(fresh) > room:
                raise UploadTooLarge(N_("More bytes came than were announced."))

    @contextlib.contextmanager
    def on_trial(self) -> Iterator[None]:
        """Keep what is added in this block only if it ends well, a killed process included.

        :raises StorageFull: if there is no room to write down that it begins.
        """
        start = self.spool.size
        with full_disk_noticed():
            _note(self._folder, replace(self.upload, trial=start))
        with contextlib.ExitStack() as failed:
            failed.callback(self._take_back, start)
            yield
            failed.pop_all()
        if not self.is_forgotten:
            with full_disk_noticed():
                _note(self._folder, self.upload)

    def leave(self) -> None:
        """Let others add to it; of a deleted one, nothing stays."""
        if self.is_forgotten:
            _remove(self._folder, f"{self.upload.id}.tmp", self.upload.id)
        else:
            _remember(self.upload.id, self.spool.digest)

    def finish(self, outcome: Outcome) -> None:
        """Write down what became of it and let go of its bytes; what was saved stays.

        :param outcome: what became of it.
        :raises StorageFull: if there is no room for that; it is as unfinished as before.
        """
        with full_disk_noticed():
            _note(self._folder, replace(self.upload, outcome=outcome))
        _remove(self._folder, self.upload.id)

    def _take_back(self, start: int) -> None:
        os.ftruncate(self._fd, start)
        self.spool.digest = Digest()


def _forget(folder: int, id: str) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(FileNotFoundError):  # its bytes are gone already
            stack.enter_context(_locked(folder, id))
        _remove(folder, f"{id}.json", f"{id}.tmp", id)


def _whose(set: str, owner: str) -> str:
    return hashlib.sha256(json.dumps([set, owner]).encode()).hexdigest()[:16]


def _unfinished(folder: int, set: str, owner: str) -> list[str]:
    whose = _whose(set, owner)
    return [name for name in os.listdir(folder) if name.startswith(whose) and "." not in name]


@contextlib.contextmanager
def _locked(folder: int, id: str) -> Iterator[int]:
    fd = os.open(id, os.O_RDWR | os.O_NOFOLLOW, dir_fd=folder)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield fd
    except BlockingIOError as error:
        raise UploadBusy from error
    finally:
        os.close(fd)


def _read(folder: int, id: str) -> Upload:
    try:
        with os.fdopen(os.open(f"{id}.json", os.O_RDONLY, dir_fd=folder), "rb") as file:
            facts = json.load(file)
    except (FileNotFoundError, ValueError) as error:  # a power cut may leave it empty
        raise UploadMissing from error
    part = _stat(folder, id)
    facts["size"] = part.st_size if part else 0
    facts["expires"] = _touched(folder, id) + facts["lifetime"]
    facts["outcome"] = facts["outcome"] and Outcome(**facts["outcome"])
    return Upload(**facts)


def _note(folder: int, upload: Upload) -> None:
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
    with os.fdopen(os.open(f"{upload.id}.tmp", flags, 0o600, dir_fd=folder), "w") as file:
        json.dump(asdict(upload), file)
    os.replace(f"{upload.id}.tmp", f"{upload.id}.json", src_dir_fd=folder, dst_dir_fd=folder)


def _expires(folder: int, id: str) -> float:
    try:
        return _read(folder, id).expires
    except UploadMissing:
        return _touched(folder, id) + DAY


def _touched(folder: int, id: str) -> float:
    """When something was last written of it, in seconds since the epoch."""
    facts = (_stat(folder, name) for name in (id, f"{id}.json", f"{id}.tmp"))
    return max((each.st_mtime for each in facts if each), default=0)


def _stat(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _remove(folder: int, *names: str) -> None:
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _remember(id: str, digest: Digest) -> None:
    _digests[id] = digest
    while len(_digests) > DIGESTS:
        _digests.popitem(last=False)
