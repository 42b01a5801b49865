"""Kinds of pictures beside those that every browser knows, and whole JPEGs of them."""

import io

import pytest
import pyvips
from PIL import Image

from gallery.imaging import Outcome, Variant, sniff
from gallery.uploads import sniff as sniff_upload

from . import films
from .pictures import SIZES, by_vips, corners, encoded, heic, near, opened, quarters, rendered

WHOLE = {"full": Variant(format="jpeg", quality=90)}
SHOWN = {1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "BRYG", 7: "YGBR", 8: "GYRB"}
ORANGE = (200, 90, 40)
SECRETS = [b"SECRET", b"Exif", b"ICC_P", b"http://ns.adobe"]


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "SECRET-CAMERA", orientation
    exif.get_ifd(0x8769)[0x9003] = "2024:02:29 23:59:58"
    return exif


@pytest.mark.parametrize("orientation", SHOWN)
def test_heic_is_turned_once(orientation: int) -> None:
    """The encoder turns it by boxes, and leaves the orientation in the EXIF, as phones do."""
    data = heic(quarters(), exif=oriented(orientation).tobytes())
    rendering = rendered(data)

    assert (b"irot" in data or b"imir" in data) == (orientation != 1)

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == SHOWN[orientation]
    lying = orientation >= 5
    assert (rendering.facts.width, rendering.facts.height) == ((64, 96) if lying else (96, 64))
    assert rendering.facts.taken is not None
    assert not any(secret in rendering.previews["small"].data for secret in SECRETS)


@pytest.mark.parametrize("orientation", SHOWN)
def test_tiff_is_turned(orientation: int) -> None:
    rendering = rendered(encoded(quarters(), "TIFF", exif=oriented(orientation).tobytes()))

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == SHOWN[orientation]
    lying = orientation >= 5
    assert (rendering.facts.width, rendering.facts.height) == ((64, 96) if lying else (96, 64))
    assert rendering.facts.taken is not None
    assert not any(secret in rendering.previews["small"].data for secret in SECRETS)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_heic_is_turned_by_its_owner(turns: int) -> None:
    shown = corners(opened(rendered(heic(quarters()), turns=turns)))

    assert shown == ["BRYG", "YBGR", "GYRB"][turns - 1]


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "tiff_lzw"},
        {"compression": "tiff_adobe_deflate"},
        {"compression": "jpeg"},
        {"compression": "packbits"},
        {"big_tiff": True},
        {"save_all": True, "append_images": [Image.new("RGB", (9, 9))]},
    ],
)
def test_every_kind_of_tiff_is_shown(options: dict[str, object]) -> None:
    assert corners(opened(rendered(encoded(quarters(), "TIFF", **options)))) == "RGBY"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_of_a_tiff_is_shown(mode: str) -> None:
    image = Image.new("RGB", (64, 64), (255, 255, 255))
    image.paste((0, 0, 0), (32, 0, 64, 64))
    if mode == "I;16":
        image = image.convert("I").point(lambda n: n * 257).convert(mode)
    else:
        image = image.convert(mode)
    small = opened(rendered(encoded(image, "TIFF"))).convert("RGB")

    assert near(small.getpixel((5, 5)), (255, 255, 255), by=10)
    assert max(small.getpixel((35, 5))) < 70


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_every_kind_of_pixel_of_a_heic_is_shown(mode: str) -> None:
    image = Image.new("RGB", (64, 64), (255, 255, 255))
    image.paste((0, 0, 0), (32, 0, 64, 64))
    small = opened(rendered(heic(image.convert(mode)))).convert("RGB")

    assert near(small.getpixel((5, 5)), (255, 255, 255), by=6)
    assert near(small.getpixel((35, 5)), (0, 0, 0), by=6)


def test_transparency_of_a_heic_is_kept() -> None:
    image = Image.new("RGBA", (64, 64), (*ORANGE, 255))
    image.paste((*ORANGE, 0), (0, 0, 32, 64))

    assert opened(rendered(heic(image))).getpixel((5, 20))[3] == 0


def test_tiles_of_a_heic_are_put_together() -> None:
    data = heic(quarters(1000, 700), tile_size=256)

    assert b"grid" in data
    assert corners(opened(rendered(data))) == "RGBY"


def test_profile_of_a_heic_is_followed() -> None:
    def orange_in_p3() -> pyvips.Image:
        image = pyvips.Image.black(64, 64, bands=3) + list(ORANGE)
        return image.cast("uchar").copy(interpretation="srgb").icc_transform("p3")

    image = Image.open(io.BytesIO(by_vips(orange_in_p3, "pngsave_buffer")))
    image.load()

    assert near(opened(rendered(heic(image, quality=95))).getpixel((9, 9)), ORANGE, by=6)


def test_primaries_that_a_heic_names_are_followed() -> None:
    """The same numbers stand for more colour in P3 than in sRGB."""
    image = Image.new("RGB", (64, 64), (60, 200, 60))
    data = heic(image, quality=95, color_primaries=12, transfer_characteristics=13)
    shown = opened(rendered(data)).convert("RGB").getpixel((9, 9))

    assert shown[1] >= 198 and shown[0] < 30


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("alpha", ["", "A"])
def test_heic_of_high_range_is_neither_dark_nor_pale(transfer: int, alpha: str) -> None:
    image = Image.new("RGB" + alpha, (64, 64), (150, 150, 150, 255)[: 3 + len(alpha)])
    data = heic(image, color_primaries=9, transfer_characteristics=transfer)
    shown = opened(rendered(data)).convert("RGB").getpixel((9, 9))

    assert 150 < shown[0] < 245
    assert max(shown) - min(shown) < 8


def test_ten_bits_of_a_heic_become_eight() -> None:
    def make() -> Image.Image:
        return Image.new("I;16", (64, 64), 32768)

    small = opened(rendered(heic(make()))).convert("RGB")

    assert near(small.getpixel((9, 9)), (128, 128, 128), by=4)


@pytest.mark.parametrize(
    ("format", "frames", "is_animated"),
    [
        *((format, 3, True) for format in ("GIF", "WEBP", "PNG", "AVIF")),
        *((format, 1, False) for format in ("GIF", "WEBP", "PNG", "AVIF")),
    ],
)
def test_more_frames_than_one_are_told(format: str, frames: int, is_animated: bool) -> None:
    others = [Image.new("RGB", (96, 64), (n * 40, 0, 0)) for n in range(1, frames)]
    rendering = rendered(encoded(quarters(), format, save_all=True, append_images=others))

    assert rendering.facts.is_animated is is_animated
    assert corners(opened(rendering)) == "RGBY"


@pytest.mark.parametrize("name", ["heic", "tiff", "tiff with alpha"])
def test_whole_picture_can_be_had_as_a_jpeg(name: str) -> None:
    image = quarters(4800, 3600)
    data = {
        "heic": lambda: heic(image),
        "tiff": lambda: encoded(image, "TIFF", exif=oriented(6)),
        "tiff with alpha": lambda: encoded(image.convert("RGBA"), "TIFF"),
    }[name]()
    rendering = rendered(data, SIZES | WHOLE)

    full = opened(rendering, "full")
    assert (full.format, full.size) == ("JPEG", (3600, 4800) if name == "tiff" else (4800, 3600))
    assert corners(full) == ("BRYG" if name == "tiff" else "RGBY")
    assert not full.getexif()
    assert set(rendering.previews) == {*SIZES, "full"}


def test_whole_picture_may_be_longer_than_a_preview() -> None:
    data = encoded(Image.new("RGB", (20_000, 300), ORANGE), "TIFF", compression="tiff_lzw")
    rendering = rendered(data, SIZES | WHOLE)

    assert opened(rendering, "full").size == (20_000, 300)


def test_whole_picture_arrives_in_pieces() -> None:
    noisy = Image.effect_noise((5000, 5000), 200).convert("RGB")
    rendering = rendered(encoded(noisy, "TIFF"), WHOLE)

    assert len(rendering.previews["full"].data) > 8 << 20
    assert opened(rendering, "full").size == (5000, 5000)


def test_cmyk_as_adobe_writes_it_is_not_inverted() -> None:
    image = Image.new("CMYK", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (32, 0, 64, 64))
    data = encoded(image)
    assert b"Adobe" in data  # it inverts what it writes there, as Photoshop does

    assert near(opened(rendered(data)).getpixel((5, 5)), (255, 255, 255), by=6)


def test_panorama_of_sixteen_thousand_is_shown() -> None:
    rendering = rendered(encoded(quarters(16_000, 2_000), progressive=True), SIZES)

    assert opened(rendering, "w1920").size == (1920, 240)
    assert corners(opened(rendering, "h480")) == "RGBY"


def test_motion_photo_is_shown_by_its_picture() -> None:
    rendering = rendered(encoded(quarters()) + films.plain_mp4(), SIZES)

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering, "h240")) == "RGBY"
    assert not any(b"ftyp" in picture.data for picture in rendering.previews.values())


KINDS = {
    "jpeg": lambda: encoded(quarters()),
    "png": lambda: encoded(quarters(), "PNG"),
    "gif": lambda: encoded(quarters(), "GIF"),
    "webp": lambda: encoded(quarters(), "WEBP"),
    "avif": lambda: encoded(quarters(), "AVIF"),
    "heic": lambda: heic(quarters()),
    "tiff": lambda: encoded(quarters(), "TIFF"),
    "bmp": lambda: encoded(quarters(), "BMP"),
    "mov": lambda: films.plain_mp4(),
    "matroska": lambda: films.webm(),
    "mp3": lambda: films.mp3(),
    "flac": lambda: films.recording("flac", "flac"),
    "ogg": lambda: films.recording("ogg", "libopus"),
    "wav": lambda: films.recording("wav", "pcm_s16le"),
    "aac": lambda: films.recording("adts", "aac"),
    "avi": lambda: films.film("avi", "mpeg4"),
}
FAMILIES = {
    "image": {"jpeg", "png", "gif", "webp", "avif", "heic", "tiff", "bmp", "jxl"},
    "video": {"mov", "matroska", "avi", "ogg"},
    "audio": {"mov", "mp3", "flac", "ogg", "wav", "aac", "matroska"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_tell_a_kind_by_the_same_bytes(kind: str) -> None:
    head = KINDS[kind]()[:4096]

    assert sniff.sniff(head) == kind
    assert kind in FAMILIES[sniff_upload(head).family]


BRANDS = [
    *("avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"),
    *("mif1", "mif2", "msf1", "miaf", "isom", "iso2", "iso4", "mp41", "mp42", "avc1", "dash"),
    *("3gp4", "3gp5", "3g2a", "MSNV", "XAVC", "mmp4", "M4A ", "M4B ", "M4V ", "qt  "),
    *("jp2 ", "crx ", "xxxx"),
]


@pytest.mark.parametrize("brand", BRANDS)
def test_both_sides_read_brands_alike(brand: str) -> None:
    for other in ("mif1", "isom", "heic", "xxxx"):
        head = b"\0\0\0\x14ftyp" + brand.encode() + bytes(4) + other.encode()
        theirs, ours = sniff_upload(head), sniff.sniff(head)

        assert (theirs is None) == (ours is None)
        assert theirs is None or ours in FAMILIES[theirs.family]
