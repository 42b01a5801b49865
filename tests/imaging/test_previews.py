"""Previews show what the picture shows: its size, its way up, its colours, and nothing else."""

import io
from typing import Literal

import pytest
import pyvips
from PIL import Image, ImageCms

from gallery.imaging import Outcome, Variant
from gallery.imaging.previews import fit

from .pictures import (
    SIZES,
    SMALL,
    by_vips,
    corners,
    encoded,
    near,
    noise,
    opened,
    quarters,
    rendered,
)

# Where EXIF puts red, green, blue and yellow of `quarters`, upper left to lower right.
SHOWN = {1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "BRYG", 7: "YGBR", 8: "GYRB"}
# The same by the owner's turns clockwise.
TURNED = {0: "RGBY", 1: "BRYG", 2: "YBGR", 3: "GYRB"}
ORANGE = (200, 90, 40)


def test_every_variant_has_its_size_and_format() -> None:
    rendering = rendered(encoded(quarters(3000, 2000)), SIZES)

    assert (rendering.outcome, rendering.reason) == (Outcome.OK, "")
    assert {
        name: (opened(rendering, name).format, *opened(rendering, name).size) for name in SIZES
    } == {
        "w1920": ("JPEG", 1920, 1280),
        "w1280": ("JPEG", 1280, 853),
        "h480": ("WEBP", 720, 480),
        "h240": ("WEBP", 360, 240),
    }
    assert all(
        (p.width, p.height) == opened(rendering, n).size for n, p in rendering.previews.items()
    )
    assert {corners(opened(rendering, name)) for name in SIZES} == {"RGBY"}


def test_smaller_original_keeps_its_size() -> None:
    rendering = rendered(encoded(quarters(100, 60)), SIZES)

    assert {opened(rendering, name).size for name in SIZES} == {(100, 60)}


def test_no_variants_give_the_facts_alone() -> None:
    rendering = rendered(encoded(quarters(100, 60)), {})

    assert (rendering.outcome, dict(rendering.previews)) == (Outcome.OK, {})
    assert (rendering.facts.width, rendering.facts.height) == (100, 60)


@pytest.mark.parametrize(
    ("size", "variant", "expected"),
    [
        ((16000, 1000), Variant(height=480), (7680, 480)),
        ((1, 30000), Variant(width=1920), (1, 16383)),
        ((30000, 1), Variant(height=240), (16383, 1)),
        ((30000, 1), Variant(width=100), (100, 1)),
        ((2000, 30000), Variant(width=1920), (1033, 15492)),
        ((400, 300), Variant(width=200, height=30), (40, 30)),
        ((400, 300), Variant(), (400, 300)),
        ((400, 300), Variant(width=200, height=30, is_filled=True), (200, 150)),
        ((400, 300), Variant(width=800, height=630, is_filled=True), (400, 300)),
    ],
)
def test_fit(size: tuple[int, int], variant: Variant, expected: tuple[int, int]) -> None:
    assert fit(variant, *size) == expected


@pytest.mark.parametrize("size", [(1, 30000), (30000, 2), (9000, 500)])
def test_strips_and_panoramas_have_every_preview(size: tuple[int, int]) -> None:
    rendering = rendered(encoded(Image.new("RGB", size, ORANGE)), SIZES)

    assert rendering.outcome is Outcome.OK
    assert all(near(opened(rendering, name).getpixel((0, 0)), ORANGE) for name in SIZES)


@pytest.mark.parametrize("orientation", SHOWN)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_orientation_is_applied(orientation: int, format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    rendering = rendered(encoded(quarters(), format, exif=exif))

    assert corners(opened(rendering)) == SHOWN[orientation]
    lying = orientation >= 5
    assert (rendering.facts.width, rendering.facts.height) == ((64, 96) if lying else (96, 64))
    assert opened(rendering).size == ((27, 40) if lying else (60, 40))


@pytest.mark.parametrize("turns", TURNED)
def test_turns_are_applied(turns: int) -> None:
    rendering = rendered(encoded(quarters()), turns=turns)

    assert corners(opened(rendering)) == TURNED[turns]
    assert (rendering.facts.width, rendering.facts.height) == ((64, 96) if turns % 2 else (96, 64))


def test_turns_come_after_the_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 5  # mirrored along the diagonal: RBGY
    rendering = rendered(encoded(quarters(), exif=exif), turns=1)

    assert corners(opened(rendering)) == "GRYB"


def test_nothing_but_pixels_is_in_a_preview() -> None:
    secrets = [
        b"SECRET-CAMERA",
        b"SECRET-XMP",
        b"SECRET-COMMENT",
        b"SECRET-IPTC",
        b"Exif",
        b"ICC_P",
    ]
    data = encoded(
        quarters(2200, 1500),
        exif=exif_with_place(),
        xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>",
        comment=b"SECRET-COMMENT",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x78\x00\x0bSECRET-IPTC"
    data = data[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2) + iptc + data[2:]
    rendering = rendered(data, SIZES)

    assert rendering.outcome is Outcome.OK
    for name, picture in rendering.previews.items():
        assert [secret for secret in secrets if secret in picture.data] == []
        assert not opened(rendering, name).getexif()
        assert not {"exif", "xmp", "icc_profile", "photoshop", "comment"} & set(
            opened(rendering, name).info
        )


def test_second_image_of_an_mpo_stays_out() -> None:
    file = io.BytesIO()
    Image.new("RGB", (96, 64), ORANGE).save(
        file, "MPO", save_all=True, append_images=[noise(96, 64)]
    )
    rendering = rendered(file.getvalue())

    assert near(opened(rendering).getpixel((5, 5)), ORANGE)
    assert len(rendering.previews["small"].data) < 400


def test_mean_colour_is_of_the_whole_picture() -> None:
    image = Image.new("RGB", (80, 80), (0, 0, 0))
    image.paste((200, 100, 40), (0, 0, 40, 80))

    assert near(colour_of(encoded(image, "PNG")), (100, 50, 20), by=4)


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_wide_gamut_becomes_srgb(format: Literal["jpeg", "png"]) -> None:
    def orange_in_p3() -> pyvips.Image:
        image = pyvips.Image.black(64, 64, bands=3) + list(ORANGE)
        return image.cast("uchar").copy(interpretation="srgb").icc_transform("p3")

    data = by_vips(orange_in_p3, f"{format}save_buffer")

    assert not near(Image.open(io.BytesIO(data)).convert("RGB").getpixel((9, 9)), ORANGE)
    assert near(opened(rendered(data)).getpixel((9, 9)), ORANGE)


@pytest.mark.parametrize("profile", ["srgb", "broken", "for paper"])
def test_profile_that_changes_nothing_or_cannot_be_used_is_let_be(profile: str) -> None:
    blocks = {
        "srgb": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "broken": b"not a profile at all" * 20,
        "for paper": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    }
    plain, labelled = encoded(quarters()), encoded(quarters(), icc_profile=blocks[profile])

    assert rendered(labelled).previews == rendered(plain).previews


@pytest.mark.parametrize("bits", [8, 16])
def test_transparency_is_kept_but_in_a_jpeg_of_the_whole(bits: int) -> None:
    def half_clear() -> pyvips.Image:
        clear = pyvips.Image.black(64, 64, bands=4)
        solid = pyvips.Image.black(32, 64, bands=4).linear(1, [*ORANGE, 255]).cast("uchar")
        image = clear.insert(solid, 32, 0).copy(interpretation="srgb")
        return (
            image
            if bits == 8
            else (image.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
        )

    variants = {
        "small": Variant(height=40, format="webp"),
        "large": Variant(width=40, format="jpeg"),
        "whole": Variant(format="jpeg"),
        "filled": Variant(width=20, height=20, is_filled=True),
    }
    rendering = rendered(by_vips(half_clear, "pngsave_buffer"), variants)

    assert {name: made.format for name, made in rendering.previews.items()} == {
        "small": "webp",
        "large": "webp",
        "whole": "jpeg",
        "filled": "jpeg",
    }
    for name in ("small", "large"):
        assert opened(rendering, name).getpixel((5, 20))[3] == 0
        assert near(opened(rendering, name).getpixel((35, 20)), (*ORANGE, 255))
    assert near(opened(rendering, "whole").getpixel((5, 20)), (255, 255, 255))
    assert near(opened(rendering, "whole").getpixel((60, 20)), ORANGE)


def test_transparent_picture_has_no_mean_colour() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((*ORANGE, 255), (0, 0, 32, 64))

    assert rendered(encoded(image, "PNG")).facts.colour is None


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_alpha_that_hides_nothing_is_left_out(format: str) -> None:
    data = encoded(quarters(2200, 1500).convert("RGBA"), format)
    rendering = rendered(data, SIZES)

    assert [opened(rendering, name).mode for name in SIZES] == ["RGB"] * 4
    assert opened(rendering, "w1920").format == "JPEG"
    assert rendering.facts.colour is not None


def test_clear_pixels_do_not_bleed() -> None:
    image = Image.new("RGBA", (200, 200), (0, 255, 0, 0))
    image.paste((*ORANGE, 255), (0, 0, 101, 200))
    edge = opened(rendered(encoded(image, "PNG"))).convert("RGBA").getpixel((20, 20))

    assert edge[1] < 130 or edge[3] < 20


def test_sixteen_bits_become_eight() -> None:
    def deep() -> pyvips.Image:
        image = pyvips.Image.black(64, 64, bands=3) + [value * 257 for value in ORANGE]
        return image.cast("ushort").copy(interpretation="rgb16")

    assert near(opened(rendered(by_vips(deep, "pngsave_buffer"))).getpixel((9, 9)), ORANGE)


def test_cmyk_becomes_srgb() -> None:
    image = Image.new("CMYK", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (32, 0, 64, 64))
    small = opened(rendered(encoded(image)))

    assert small.mode == "RGB"
    assert near(small.getpixel((5, 5)), (255, 255, 255), by=6)
    assert max(small.getpixel((35, 5))) < 70


@pytest.mark.parametrize("mode", ["P", "1", "L", "LA", "RGBA", "I;16"])
@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_every_kind_of_pixel_is_shown(mode: str, format: Literal["jpeg", "webp"]) -> None:
    image = Image.new("L", (64, 64), 255)
    image.paste(0, (32, 0, 64, 64))
    image = (
        image.convert(mode)
        if mode != "I;16"
        else image.convert("I").point(lambda n: n * 257).convert(mode)
    )
    rendering = rendered(encoded(image, "PNG"), {"small": Variant(height=40, format=format)})

    assert rendering.outcome is Outcome.OK
    assert near(opened(rendering).convert("RGB").getpixel((5, 5)), (255, 255, 255))
    assert near(opened(rendering).convert("RGB").getpixel((35, 5)), (0, 0, 0))


def test_colours_of_a_palette_are_kept() -> None:
    data = encoded(quarters().quantize(16), "PNG")

    assert corners(opened(rendered(data))) == "RGBY"


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_first_frame_stands_for_an_animation(format: str) -> None:
    others = [Image.new("RGB", (96, 64), (n, 0, 0)) for n in range(10)]
    rendering = rendered(encoded(quarters(), format, save_all=True, append_images=others))

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == "RGBY"


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"subsampling": 0, "restart_marker_blocks": 1}),
        ("AVIF", {}),
        ("WEBP", {"lossless": True}),
        ("GIF", {"interlace": True}),
    ],
)
def test_every_kind_of_file_is_shown(format: str, options: dict[str, object]) -> None:
    rendering = rendered(encoded(quarters(), format, **options))

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == "RGBY"


def test_busiest_picture_fits_its_previews() -> None:
    data = encoded(noise(1000, 1000).resize((3900, 3900), Image.Resampling.NEAREST), quality=50)
    rendering = rendered(data, {"all": Variant(format="jpeg", quality=100)})

    assert rendering.outcome is Outcome.OK
    assert opened(rendering, "all").size == (3900, 3900)


@pytest.mark.parametrize("size", [(60, 40), (900, 1600), (1, 30000), (30000, 2)])
def test_filled_preview_has_its_size_and_not_too_many_bytes(size: tuple[int, int]) -> None:
    wanted = Variant(width=1200, height=630, quality=95, is_filled=True, most=300_000)
    rendering = rendered(encoded(noise(*size), quality=95), {"filled": wanted})

    assert opened(rendering, "filled").size == (1200, 630)
    assert 10_000 < len(rendering.previews["filled"].data) <= 300_000


def exif_with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return exif


def colour_of(data: bytes) -> tuple[int, ...]:
    colour = rendered(data, SMALL).facts.colour
    assert colour
    return tuple(bytes.fromhex(colour[1:]))
