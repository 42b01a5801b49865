"""Pictures from real encoders, and people and photos made as the application makes them."""

import datetime as dt
import re
import wave
from functools import cache
from io import BytesIO

from argon2 import PasswordHasher
from PIL import Image, ImageDraw
from webauthn.helpers import bytes_to_base64url
from werkzeug.datastructures import FileStorage

from gallery.accounts import challenges
from gallery.accounts.models import Passkey, Scope, Token, User, digest
from gallery.accounts.signing_in import sign_up
from gallery.albums import filling, making
from gallery.albums.models import Album, Collaborator, Role
from gallery.extensions import begin_writing, db
from gallery.photos.ingest import ingest
from gallery.photos.models import Photo
from gallery.sharing import links, names
from gallery.sharing.models import ShareLink
from tests.authenticator import Device

PASSWORD = "correct horse battery"
EXIF_IFD, GPS_IFD = 0x8769, 0x8825


def picture(size: tuple[int, int] = (640, 480), *, seed: int = 0) -> Image.Image:
    """A picture with corners of four colours, so that one sees how it was turned."""
    width, height = size
    image = Image.new("RGB", size, (40 + seed * 37 % 180, 90 + seed * 53 % 120, 160))
    draw = ImageDraw.Draw(image)
    corners = {(0, 0): "red", (1, 0): "lime", (0, 1): "blue", (1, 1): "yellow"}
    for (x, y), colour in corners.items():
        left, top = x * width * 3 // 4, y * height * 3 // 4
        draw.rectangle((left, top, left + width // 4, top + height // 4), fill=colour)
    draw.line((0, seed % height, width, seed % height), fill="white")
    return image


def jpeg(
    size: tuple[int, int] = (640, 480),
    *,
    seed: int = 0,
    taken: dt.datetime | None = None,
    offset: str = "",
    orientation: int = 1,
    **options: object,
) -> bytes:
    """A JPEG by Pillow's encoder, with what a camera writes into it."""
    image = picture(size, seed=seed)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "FUJIFILM", "X-T5"
    if taken:
        exif.get_ifd(EXIF_IFD)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if offset:
        exif.get_ifd(EXIF_IFD)[0x9011] = offset
    return encoded(image, "JPEG", exif=exif, quality=90, **options)


def encoded(image: Image.Image, encoder: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, encoder, **options)
    return buffer.getvalue()


def png(size: tuple[int, int] = (320, 240), *, seed: int = 0) -> bytes:
    return encoded(picture(size, seed=seed), "PNG")


def clear_png(size: tuple[int, int] = (320, 240)) -> bytes:
    """A disc on nothing."""
    image = Image.new("RGBA", size)
    ImageDraw.Draw(image).circle((size[0] / 2, size[1] / 2), size[1] / 3, fill="orangered")
    return encoded(image, "PNG")


def recording(seconds: float = 0.2) -> bytes:
    """A WAV by the standard library's encoder."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(int(16000 * seconds)))
    return buffer.getvalue()


def a_file(data: bytes, name: str = "cat.jpg") -> tuple[BytesIO, str]:
    """A file as the test client sends it."""
    return BytesIO(data), name


@cache
def _password_hash() -> str:
    """One that is checked at once: a real one takes a tenth of a second and 64 MB each time."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_user(
    name: str = "Ada Moreau", *, is_admin: bool = False, quota: int | None = None
) -> User:
    begin_writing()
    user = sign_up(
        name=name,
        email=f"{name.split()[0].lower()}@example.org",
        password_hash=_password_hash(),
        is_admin=is_admin,
        quota=quota,
    )
    db.session.commit()
    return user


def make_token(user: User, name: str = "laptop") -> str:
    begin_writing()
    made = Token.make(user, name=name, scope=Scope.UPLOAD)
    db.session.commit()
    return made


def make_passkey(user: User, name: str = "phone", **facts: object) -> Device:
    """Add a passkey, and return the device that keeps it."""
    device = Device(handle=bytes_to_base64url(challenges.handle_of(user)))
    begin_writing()
    kept = {"credential_id": device.id, "public_key": device.public_key, "sign_count": 0}
    kept |= {"transports": "internal", "is_backed_up": True, **facts}
    db.session.add(Passkey(user_id=user.id, name=name, **kept))
    db.session.commit()
    return device


def make_photo(owner: User, data: bytes | None = None, name: str = "cat.jpg") -> Photo:
    stream = BytesIO(jpeg() if data is None else data)
    photo = ingest(FileStorage(stream, name), owner=owner).photo
    db.session.commit()
    return photo


def make_album(owner: User, title: str = "Picos", **facts: object) -> Album:
    begin_writing()
    album = making.make(owner, title)
    for name, value in facts.items():
        setattr(album, name, value)
    db.session.commit()
    return album


def make_link(what: Album | list[Photo], **terms: object) -> str:
    """Share something, and return the link's token."""
    begin_writing()
    owner = what.owner if isinstance(what, Album) else what[0].owner
    chosen = what if isinstance(what, Album) else [photo.id for photo in what]
    token = links.make(owner, chosen, links.Terms(**terms))[1]
    db.session.commit()
    return token


def called(token: str, photo: Photo) -> str:
    """Return what a link calls a photo."""
    link = db.session.scalars(db.select(ShareLink).where(ShareLink.digest == digest(token))).one()
    return names.name_of(link, photo.public_id)


def put_in(album: Album, *photos: Photo) -> None:
    """Put photos into an album, each as its own owner does."""
    begin_writing()
    for photo in photos:
        owner = db.session.get(User, photo.owner_id)
        filling.put_in(album, owner, db.select(Photo.id).where(Photo.id == photo.id))
    db.session.commit()


def ask_in(album: Album, user: User, role: Role) -> None:
    begin_writing()
    db.session.add(Collaborator(album_id=album.id, user_id=user.id, role=role))
    db.session.commit()


def empty_trash(client):
    """Empty the trash by the page that asks first."""
    page = client.get("/trash/empty").text
    return client.submit("/trash/empty", until=told_until(page))


def told_until(page: str) -> str:
    """Return up to when a page has counted what is in the trash; "" where it has not."""
    found = re.search(r'name="until" value="([^"]+)"', page)
    return found[1] if found else ""


def sign_in(client, user: User):
    """Sign the client in by the page that people use."""
    answer = client.submit("/login", email=user.email, password=PASSWORD, remember="y")
    assert answer.status_code == 303, answer.text
    return client
