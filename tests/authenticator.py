"""A device that keeps a passkey, and the browser before it; keys and signatures are real."""

import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, MAY_BE_COPIED, IS_COPIED, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Device:
    """One passkey, and where its browser stands."""

    origin: str = "http://localhost:5000"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""

    @property
    def public_key(self) -> bytes:
        """As COSE has it: a point of P-256, for ES256."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (point.x, point.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def make(self, options: str) -> str:
        """Answer what a page asks to be made."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self.public_key
        data = self._data(asked["rp"]["id"], self.flags | HAS_KEY) + attested
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        told = self._told("webauthn.create", asked["challenge"])
        return self._answer(attestationObject=made, clientDataJSON=told, transports=["internal"])

    def show(self, options: str) -> str:
        """Answer a challenge."""
        asked = json.loads(options)
        told = self._told("webauthn.get", asked["challenge"])
        data = self._data(asked["rpId"], self.flags)
        signature = self.key.sign(data + sha256(told).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            authenticatorData=data,
            clientDataJSON=told,
            signature=signature,
            userHandle=base64url_to_bytes(self.handle),
        )

    def _data(self, name: str, flags: int) -> bytes:
        return sha256(name.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _told(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes | list[str]) -> str:
        id_ = bytes_to_base64url(self.id)
        coded = {
            name: bytes_to_base64url(value) if isinstance(value, bytes) else value
            for name, value in response.items()
        }
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": coded})
