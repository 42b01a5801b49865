"""Sends one file in parts, by the tus protocol, from where it stands to its end."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from .server import Answer, Patience, Refused, Server, Trouble, sentence_of

BYTES = "application/offset+octet-stream"
# It is not there any more, or its bytes are not those that were announced.
GONE = frozenset({404, 410, 460})
MISSED = 409  # the bytes did not begin where the last ones ended
NEVER = 415  # no kind of file that a gallery keeps


class Sending:
    """A file on its way.

    :param place: where an earlier run has begun to send it, or "".
    :param begun: is told where it goes, so that a later run may go on.
    :param moved: is told by how many bytes it has come further.
    """

    def __init__(
        self,
        server: Server,
        file: BinaryIO,
        size: int,
        *,
        part: int,
        metadata: Mapping[str, str],
        place: str,
        begun: Callable[[str], None],
        moved: Callable[[int], object],
    ) -> None:
        self.server, self.file, self.size, self.part = server, file, size, part
        self.metadata, self.place, self.begun, self.moved = metadata, place, begun, moved
        self.offset = 0
        self.is_sure = False  # that the server stands there, too

    def run(self) -> str:
        """Return what became of it: added, already or restored.

        :raises Refused: when the gallery does not take it.
        :raises Stop: when nothing more can be sent.
        """
        patience = Patience()
        while True:
            before = self.offset
            try:
                outcome = self._follow(self._ask())
            except Trouble as trouble:
                self.is_sure = False
                patience.wait(trouble)
                continue
            if outcome:
                self._stand_at(self.size)
                return outcome
            if self.offset > before:
                patience = Patience()

    def _ask(self) -> Answer:
        if not self.place:
            return self._create()
        return self._send() if self.is_sure else self._look()

    def _create(self) -> Answer:
        """Begin; what fits one part goes along, and costs one request in all."""
        pairs = (
            f"{key} {b64encode(text.encode()).decode()}" for key, text in self.metadata.items()
        )
        headers = {"Upload-Length": str(self.size), "Upload-Metadata": ",".join(pairs)}
        self._stand_at(0)
        if self.size <= self.part:
            headers["Content-Type"] = BYTES
            return self.server.try_once("POST", "/api/uploads", self._read(), headers)
        return self.server.try_once("POST", "/api/uploads", headers=headers)

    def _look(self) -> Answer:
        answer = self.server.try_once("HEAD", self.place)
        if answer.status < 400 or answer.status in GONE:
            return answer
        # It was refused. The answer to HEAD has no body, so no reason.
        return self._patch(b"")

    def _send(self) -> Answer:
        return self._patch(self._read())

    def _patch(self, data: bytes) -> Answer:
        headers = {"Upload-Offset": str(self.offset), "Content-Type": BYTES}
        return self.server.try_once("PATCH", self.place, data, headers)

    def _read(self) -> bytes:
        self.file.seek(self.offset)
        data = self.file.read(self.part)
        if len(data) < min(self.part, self.size - self.offset):
            raise Refused("This file changed while it was sent.")
        return data

    def _follow(self, answer: Answer) -> str:
        """Take over what an answer says; return what became of the file, once that is known."""
        if answer.status in GONE:
            self.place = ""
            raise Trouble("The gallery loses what is sent to it.")
        if answer.status == MISSED:
            raise Trouble(sentence_of(answer))
        if answer.status >= 300:
            raise Refused(sentence_of(answer), is_final=answer.status == NEVER)
        if "Location" in answer.headers:
            # Only the path of it: the token goes to nobody else.
            path = urlsplit(answer.headers["Location"]).path
            self.place = urljoin(f"{self.server.url}/", path)
            self.begun(self.place)
        self._stand_at(int(answer.headers["Upload-Offset"]))
        self.is_sure = True
        return answer.headers.get("Upload-Outcome", "")

    def _stand_at(self, offset: int) -> None:
        self.moved(offset - self.offset)
        self.offset = offset


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()
