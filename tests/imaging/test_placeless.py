"""Files handed out without their places: what goes, what stays, and what is refused."""

import io
import re
import struct
import tempfile
import time
import zlib
from functools import cache
from itertools import pairwise

import av
import exifread
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageSequence

from gallery.imaging import Patch, placeless
from gallery.imaging.placeless import find, patch
from gallery.imaging.placeless.patch import Unclear, applied
from gallery.imaging.placeless.stretch import Stretch

from .blocks import exif_of, gif_with, jpeg_with, png_with, record, resources, xmp_of
from .films import APPLE, box, film, mp3, recording, webm, with_id3_cover
from .pictures import encoded, heic, quarters, rendered

LATITUDE, LONGITUDE = (48.0, 51.0, 30.24), (2.0, 17.0, 40.2)  # as Pillow writes them: n/100, n/5
GPS = {1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE, 6: 35.5, 27: b"ASCII\0\0\0CELLID"}
TRACES = [
    *(struct.pack(order + "6I", 48, 1, 51, 1, 756, 25) for order in "<>"),
    *(struct.pack(order + "6I", 2, 1, 17, 1, 201, 5) for order in "<>"),
    *(b"48,51.504N", b"2,17.67E", b"48.8584", b"2.2945", b"CELLID", b"Paris", b"Champ de Mars"),
    *("48,51.504N".encode("utf-16-le"), "Paris".encode("utf-16-le"), b"+52.5200", b"48.858400"),
]
XMP = xmp_of(
    "<exif:GPSLongitude>2,17.67E</exif:GPSLongitude><photoshop:Country>Paris</photoshop:Country>"
    '<i:LocationShown xmlns:i="urn:i"><rdf:Bag><rdf:li i:Sublocation="Champ de Mars">'
    "<i:City>Paris</i:City></rdf:li></rdf:Bag></i:LocationShown><photoshop:City/>"
    "<dc:title><rdf:Alt><rdf:li>A tower</rdf:li></rdf:Alt></dc:title>",
    'exif:GPSLatitude = \'48,51.504N\' photoshop:State="Paris" xmp:Rating="4"',
)
IPTC = resources(
    record(90, b"Paris"),
    record(92, b"Champ de Mars"),
    record(120, b"A tower"),
    record(101, b"Paris"),
)


@cache
def exif(gps: bool = True) -> bytes:
    camera = {36867: "2024:02:29 12:00:00", 37500: b"Panasonic\0\0\0Paris", 33434: 0.01}
    return exif_of({271: "Canoe", 272: "K1", 274: 6}, camera, GPS if gps else None)


def cleaned(data: bytes) -> bytes:
    """Without its place, as a browser gets it: of equal length, told apart by nobody's offsets."""
    found = find(Stretch.of_bytes(data))
    new = applied(data, found)
    assert len(new) == len(data)
    assert all(a.offset + len(a.data) <= b.offset for a, b in pairwise(found))
    assert find(Stretch.of_bytes(new)) == []  # nothing is left to be done
    return new


def untraced(data: bytes) -> bytes:
    """Cleaned, and searched for every trace that was in it."""
    assert any(trace in data for trace in TRACES)
    new = cleaned(data)
    assert not [trace for trace in TRACES if trace in new]
    return new


def pixels(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(image)]


def gps_tags(data: bytes) -> list[str]:
    return [name for name in exifread.process_file(io.BytesIO(data)) if name.startswith("GPS")]


def assert_only_camera(data: bytes) -> None:
    """Two readers find camera, date and orientation, and no place."""
    assert gps_tags(data) == []
    with Image.open(io.BytesIO(data)) as image:
        block = image.getexif()
    assert block.get_ifd(ExifTags.IFD.GPSInfo) == {}
    assert (block[271], block[272], block[274]) == ("Canoe", "K1", 6)
    assert block.get_ifd(ExifTags.IFD.Exif)[36867] == "2024:02:29 12:00:00"


def packet_in(data: bytes) -> str:
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", data, re.DOTALL)
    assert packet
    fromstring(packet[0])
    return packet[0].decode()


def refused(data: bytes) -> bool:
    try:
        find(Stretch.of_bytes(data))
    except Unclear:
        return True
    return False


def test_jpeg_keeps_its_camera_and_its_pixels_and_loses_its_place():
    data = jpeg_with(exif=exif(), xmp=XMP, iptc=IPTC)
    assert gps_tags(data)

    new = untraced(data)

    assert_only_camera(new)
    assert pixels(new) == pixels(data)
    assert b"A tower" in new.partition(b"Photoshop 3.0")[2]


def test_packet_keeps_what_is_no_place():
    said = packet_in(untraced(jpeg_with(xmp=XMP)))

    assert 'xmp:Rating="4"' in said
    assert "A tower" in said
    assert "GPS" not in said


def test_jpeg_without_a_place_is_left_as_it_is():
    block = exif_of({271: "Canoe"}, {36867: "2024:02:29 12:00:00"})
    data = jpeg_with(exif=block, xmp=xmp_of(attributes='xmp:Rating="4"'))

    assert find(Stretch.of_bytes(data)) == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_packet_in_wide_characters_is_emptied(encoding):
    wide = XMP.decode().encode(encoding)

    new = cleaned(jpeg_with(xmp=wide))

    packet_in(new)
    assert b"P\0a" not in new.replace(b"\0\0\0", b"\0")


def test_packet_with_entities_is_emptied():
    packet = b'<!DOCTYPE x [<!ENTITY p "Paris">]><x:xmpmeta xmlns:x="u"><a>&p;</a></x:xmpmeta>'

    untraced(jpeg_with(xmp=packet))


@pytest.mark.parametrize("encoding", ["latin-1", "big5", "utf-7", "koi8-r", "none"])
def test_packet_in_a_declared_encoding_is_cleaned(encoding):
    untraced(jpeg_with(xmp=f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + XMP))


def test_packet_in_parts_is_read_in_one():
    long = f"<dc:source>{'x' * 90_000}</dc:source>"
    packet = xmp_of(long, "photoshop:City='Paris' dc:format='f'")
    cut = packet.index(b"Paris") + 2
    edges = [0, cut, cut + 60_000, len(packet)]
    parts = [extended(len(packet), at, packet[at:end]) for at, end in pairwise(edges)]
    segments = b"".join(reversed(parts))
    data = jpeg_with(exif=exif())
    data = data[:2] + segments + data[2:]

    new = cleaned(data)

    assert b"Pa" not in new and b"ris'" not in new
    assert new.count(b"x" * 50_000) == data.count(b"x" * 50_000)
    assert b"dc:format='f'" in new


def extended(length: int, at: int, part: bytes) -> bytes:
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    body = head + struct.pack(">II", length, at) + part
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def test_second_pictures_and_films_behind_a_jpeg_are_cleaned_too():
    second = jpeg_with(exif=exif(), xmp=XMP)
    clip = film(metadata=APPLE, movflags="use_metadata_tags")
    data = jpeg_with(exif=exif()) + bytes(9) + second + b"MotionPhoto_Data" + clip + b"Paris SEFT"

    new = untraced(data)

    assert gps_tags(new[new.index(b"\xff\xd8\xff", 100) :]) == []
    with av.open(io.BytesIO(new[-10 - len(clip) : -10])) as container:
        assert sum(1 for _ in container.decode(video=0)) == 20


def test_mpo_by_pillow_is_cleaned_in_every_picture():
    other = quarters(64, 64)
    data = encoded(quarters(), "MPO", save_all=True, append_images=[other], exif=exif())

    new = untraced(data)

    assert pixels(new) == pixels(data)


def test_thumbnail_with_a_place_goes():
    thumbnail = jpeg_with(exif=exif(), size=(16, 16))
    block = with_thumbnail(thumbnail)

    new = untraced(jpeg_with(exif=b"Exif\0\0" + block))

    assert thumbnail[:200] not in new


def with_thumbnail(thumbnail: bytes) -> bytes:
    """Two directories, the second with a thumbnail."""
    first = struct.pack("<HHHII", 1, 0x112, 3, 1, 6) + struct.pack("<I", 26)
    second = struct.pack("<HHHIIHHIII", 2, 0x201, 4, 1, 56, 0x202, 4, 1, len(thumbnail), 0)
    return b"II*\0" + struct.pack("<I", 8) + first + second + thumbnail


def test_place_that_an_editor_left_behind_goes():
    block = exif_of({274: 6}) + b"\0Paris" + TRACES[0]

    untraced(jpeg_with(exif=block))


def test_segments_that_nobody_knows_go_and_comments_stay():
    data = jpeg_with()
    app = b"\xff\xe5" + struct.pack(">H", 7) + b"Paris"
    comment = b"\xff\xfe" + struct.pack(">H", 8) + b"London"

    new = untraced(data[:2] + app + comment + data[2:])

    assert b"London" in new


@pytest.mark.parametrize("make", [b"Panasonic", b"Apple iOS"])
def test_notes_of_a_maker_stay_only_if_they_are_known_to_hold_no_place(make):
    note = make + b"\0\0\1MM note"

    new = cleaned(jpeg_with(exif=exif_of({271: "X"}, {37500: note}, GPS)))

    assert (note in new) == (make == b"Apple iOS")


@pytest.mark.parametrize("zipped", [False, True])
def test_png_is_cleaned_and_its_checksums_are_right(zipped):
    data = png_with(XMP, zipped=zipped)
    at = data.index(b"IDAT") - 4
    raw = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(exif().hex().encode()))
    named = chunk(b"tEXt", b"exif:GPSLatitude\x0048.8584") + chunk(b"eXIf", exif()[6:])
    data = data[:at] + raw + named + data[at:] + b"Paris"

    new = untraced(data)

    assert checksums_are_right(new)
    assert b"zTXt" not in new
    assert_only_camera(new)
    assert pixels(new) == pixels(data)


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def checksums_are_right(data: bytes) -> bool:
    at = 8
    while data[at + 4 : at + 8] != b"IEND":
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if zlib.crc32(data[at + 4 : end]).to_bytes(4) != data[end : end + 4]:
            return False
        at = end + 4
    return True


@pytest.mark.parametrize("animated", [False, True])
def test_webp_is_cleaned(animated):
    more = {"save_all": True, "append_images": [quarters().rotate(90)]} if animated else {}
    data = encoded(quarters(), "WEBP", exif=exif(), xmp=XMP, **more)

    new = untraced(data)

    assert_only_camera(new)
    assert pixels(new) == pixels(data)
    packet_in(new)


@pytest.mark.parametrize("kind", ["heic", "avif"])
def test_items_of_heic_and_avif_are_cleaned(kind):
    if kind == "heic":
        data = heic(quarters(), exif=exif(), xmp=XMP)
    else:
        data = encoded(quarters(), "AVIF", exif=exif(), xmp=XMP)

    new = untraced(data)

    at = data.index(b"MM\0*")
    assert gps_tags(data[at:]) and not gps_tags(new[at:])
    assert b"2024:02:29 12:00:00" in new
    assert 'xmp:Rating="4"' in packet_in(new)
    assert rendered(new).previews == rendered(data).previews != {}


def test_item_in_two_pieces_and_one_within_the_boxes_are_cleaned():
    block = bytes(4) + exif()[6:]
    half = len(block) // 2 + 3

    data = boxed_items(block[:half], block[half:], XMP)

    new = untraced(data)
    assert b"Canoe" in new and b"A tower" in new


@pytest.mark.parametrize("name", [b"iloc", b"iinf"])
def test_items_that_stand_nowhere_are_left_out(name):
    data = boxed_items(exif()[6:50], exif()[50:], XMP)

    assert refused(data.replace(name, b"\1" + name[1:]))


def boxed_items(first: bytes, second: bytes, packet: bytes) -> bytes:
    """A HEIC of boxes by hand: its EXIF in two places, its packet in `idat`."""

    def made(at: int) -> bytes:
        infes = box(b"infe", b"\2\0\0\0\0\1\0\0Exif\0") + box(
            b"infe", b"\2\0\0\0\0\2\0\0mime\0application/rdf+xml\0"
        )
        places = struct.pack(
            ">HHHHIIII", 1, 0, 0, 2, at, len(first), at + len(first) + 7, len(second)
        ) + struct.pack(">HHHHII", 2, 1, 0, 1, 0, len(packet))
        return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"iinf", b"\0\0\0\0\0\2" + infes)
            + box(b"iloc", b"\1\0\0\0\x44\0\0\2" + places)
            + box(b"idat", packet),
        )

    head = made(0)
    return made(len(head) + 8) + box(b"mdat", first + bytes(7) + second)


@pytest.mark.parametrize("movflags", ["use_metadata_tags", "frag_keyframe+use_metadata_tags"])
def test_keys_of_a_film_are_cleaned_and_it_still_plays(movflags):
    data = film(sound="aac", metadata=APPLE, movflags=movflags)

    new = untraced(data)

    with av.open(io.BytesIO(new)) as container:
        told = container.metadata
        assert not any(told[name] for name in told if "location" in name.lower())
        assert container.metadata["com.apple.quicktime.model"] == "iPhone 15"
        assert sum(1 for _ in container.decode(video=0)) == 20


@pytest.mark.parametrize("format", ["mp4", "mov", "3gp"])
def test_place_in_user_data_goes(format):
    data = film(format, metadata={"location": "+48.8584+002.2945/"})
    assert b"xyz" in data or b"loci" in data

    new = cleaned(data)

    assert b"+48.8584" not in new and b"\xa9xyz" not in new and b"loci" not in new
    with av.open(io.BytesIO(new)) as container:
        assert not container.metadata.get("location")
        assert sum(1 for _ in container.decode(video=0)) == 20


def test_packet_in_a_box_of_a_film_is_cleaned():
    name = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")

    new = untraced(film() + box(b"uuid", name + XMP) + box(b"free", b"Paris"))

    assert 'xmp:Rating="4"' in packet_in(new)


def track_of(handler: bytes, sample: bytes, entry: bytes) -> bytes:
    """A film of one track, whose samples stand behind all else."""

    def made(at: int) -> bytes:
        table = (
            box(b"stsd", bytes(7) + b"\1" + box(entry, bytes(8)))
            + box(b"stsz", struct.pack(">IIIII", 0, 0, 2, 6, len(sample) - 6))
            + box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 2, 1))
            + box(b"stco", struct.pack(">III", 0, 1, at))
        )
        media = box(b"hdlr", bytes(8) + handler + bytes(13)) + box(b"minf", box(b"stbl", table))
        return box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"trak", box(b"mdia", media)))

    return made(len(made(0)) + 8) + box(b"mdat", sample)


@pytest.mark.parametrize(
    ("handler", "entry", "sample", "goes"),
    [
        (b"meta", b"gpmd", b"GPS5 in Paris", True),
        (b"camm", b"camm", b"somewhere", True),
        (b"sbtl", b"tx3g", b"GPS(2.2945,48.8584)", True),
        (b"sbtl", b"tx3g", b"Good morning!", False),
        (b"vide", b"avc1", b"not a place", False),
    ],
)
def test_track_that_tells_places_is_blanked(handler, entry, sample, goes):
    new = cleaned(track_of(handler, sample, entry))

    assert (sample not in new) == goes
    assert not goes or new.endswith(bytes(len(sample)))


def test_tiff_is_cleaned():
    more = Image.Exif()
    more[271] = "Canoe"
    more[700] = XMP
    more.get_ifd(ExifTags.IFD.GPSInfo).update(GPS)
    data = encoded(quarters(), "TIFF", exif=more)

    new = untraced(data)

    assert gps_tags(new) == []
    assert pixels(new) == pixels(data)
    assert b"Canoe" in new


@pytest.mark.parametrize(
    "make",
    [
        lambda: encoded(quarters(), "GIF"),
        lambda: encoded(quarters(), "GIF", save_all=True, append_images=[quarters(64, 96)], loop=0),
        mp3,
        webm,
        lambda: recording("wav", "pcm_s16le"),
        lambda: recording("flac", "flac", title="Rain"),
        lambda: recording("ogg", "libopus", title="Rain"),
    ],
)
def test_file_of_another_kind_is_handed_out_as_it_is_if_it_tells_no_place(make):
    assert find(Stretch.of_bytes(make())) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: gif_with(XMP),
        lambda: with_id3_cover(mp3(), jpeg_with(exif=exif())),
        lambda: recording("ogg", "libopus", location="Paris"),
        lambda: recording("flac", "flac", location="Paris"),
        lambda: recording("matroska", "libopus", location="Paris"),
        lambda: encoded(quarters(), "BMP"),
        lambda: b"Paris",
        lambda: b"",
    ],
)
def test_file_that_we_cannot_clean_is_left_out(make):
    assert refused(make())


@pytest.mark.parametrize("at", [4, 40, 150, 200])
def test_truncated_picture_is_left_out(at):
    assert refused(jpeg_with(exif=exif(), xmp=XMP)[:at])
    assert refused(encoded(quarters(), "PNG")[:at])
    assert refused(encoded(quarters(), "WEBP", exif=exif())[:at])


def test_place_that_lies_over_all_else_is_left_out():
    head = b"II*\0" + struct.pack("<I", 8)
    first = struct.pack("<HHHIIHHIII", 2, 271, 2, 8, 56, 0x8825, 4, 1, 38, 0)
    gps = struct.pack("<HHHII", 1, 2, 5, 3, 8) + bytes(4)

    assert refused(jpeg_with(exif=b"Exif\0\0" + head + first + gps + b"Pinhole\0"))


def test_directories_that_point_at_each_other_end():
    block = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)

    assert cleaned(jpeg_with(exif=b"Exif\0\0" + block))


@pytest.mark.parametrize("length", [9, 1_000, 0xFFFFFFFF])
def test_place_of_a_lying_length_is_left_out(length):
    place = struct.pack("<HHHIII", 1, 2, 5, length, 26, 0)
    block = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0) + place

    assert refused(jpeg_with(exif=b"Exif\0\0" + block))


@cache
def seeds() -> list[bytes]:
    return [
        jpeg_with(exif=exif(), xmp=XMP, iptc=IPTC, size=(16, 16)),
        encoded(quarters(16, 16), "WEBP", exif=exif(), xmp=XMP),
        encoded(quarters(16, 16), "AVIF", exif=exif(), xmp=XMP),
        encoded(quarters(16, 16), "TIFF", exif=Image.Exif()),
        png_with(XMP),
        boxed_items(exif()[6:50], exif()[50:], XMP),
        track_of(b"meta", b"GPS5 in Paris", b"gpmd"),
        film(metadata=APPLE, movflags="use_metadata_tags"),
        gif_with(XMP),
        mp3(),
        recording("wav", "pcm_s16le"),
    ]


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.data())
def test_mutated_file_is_clean_or_left_out_and_soon(data):
    original = seeds()[data.draw(st.integers(0, len(seeds()) - 1))]
    mutated = bytearray(original)
    places = st.integers(0, min(len(original), 3_000) - 1)
    changes = st.tuples(places, st.binary(min_size=1, max_size=4))
    for at, value in data.draw(st.lists(changes, max_size=6)):
        mutated[at : at + len(value)] = value
    started = time.process_time()

    try:
        found = find(Stretch.of_bytes(bytes(mutated)))
    except Unclear:
        found = []

    assert time.process_time() - started < 2
    new = applied(bytes(mutated), found)
    assert len(new) == len(mutated)
    assert not found or places_by_pillow(new) == {}


def places_by_pillow(data: bytes) -> dict[int, object]:
    """For what is broken: exifread goes on for ever over some of it."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    except (OSError, RuntimeError, SyntaxError, ValueError, struct.error, TypeError, KeyError):
        return {}


@pytest.mark.parametrize("number", range(11))
def test_patches_come_out_of_the_jail(number):
    data = seeds()[number]
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()

        found = placeless(file.fileno())

        assert (found is None) == refused(data)
        assert found is None or found == find(Stretch.of_bytes(data))
        file.truncate(10)
        assert placeless(file.fileno()) == ([] if number == 9 else None)


@pytest.mark.parametrize(
    "said", [b"", b"junk", zlib.compress(struct.pack("!QI", 5, 9)), zlib.compress(b"\0" * 24)]
)
def test_patches_by_a_child_that_was_taken_over_are_refused(said):
    with pytest.raises(ValueError):
        patch.unpacked(said)


def test_patches_are_packed_and_unpacked():
    patches = [Patch(3, b"ab"), Patch(5, bytes(70_000))]

    assert patch.unpacked(patch.packed(patches)) == patches
    assert len(patch.packed(patches)) < 1_000
