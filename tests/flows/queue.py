"""What the tests of the queue do and look at, beside what all flows do."""

import base64
import hashlib
import random
from pathlib import Path

from playwright.sync_api import JSHandle, Page, expect

from tests.make import jpeg
from tests.programs import Program

PICTURES = [jpeg((90, 60), seed=seed) + random.Random(seed).randbytes(900_000) for seed in range(8)]
MINUTE = 60_000
# A file may be in the hands of the system at once, and then waits for the answer alone.
ON_ITS_WAY = "[data-state=sending], [data-state=finishing]"


def named(*pictures: bytes) -> list[tuple[str, bytes]]:
    return [(f"DSCF48{number}.jpg", data) for number, data in enumerate(pictures, 10)]


def folder_of(folder: Path, pictures: list[bytes]) -> Path:
    """The pictures as files, which keep their date from one choice to the next."""
    folder.mkdir()
    for name, data in named(*pictures):
        (folder / name).write_bytes(data)
    return folder


def choose_folder(page: Page, folder: Path) -> None:
    page.locator("[data-folder-input]").set_input_files(folder)


def states(page: Page) -> dict[str, str]:
    """What stands beside each file in sight."""
    rows = page.locator(".job").all()
    return {
        row.locator(".job-name").inner_text(): row.locator(".job-state").inner_text()
        for row in rows
    }


def wait_for(page: Page, title: str) -> None:
    heading = page.get_by_role("region", name="Uploads").get_by_role("heading", level=2)
    expect(heading).to_have_text(title, timeout=MINUTE)


def assert_receipt(page: Page, title: str) -> None:
    page.get_by_role("link", name="See the receipt").click()
    page.wait_for_url("**/upload/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def originals(gallery: Program) -> set[str]:
    """The digests of every file the gallery keeps."""
    files = (gallery.instance / "uploads" / "photos").rglob("*.jpg")
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def held(page: Page, name: str, data: bytes) -> JSHandle:
    """A file as it is under the pointer."""
    return page.evaluate_handle(
        """([name, text]) => {
          const data = new DataTransfer()
          data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name))
          return data
        }""",
        [name, base64_of(data)],
    )


def assert_receipt_of_dock(page: Page, title: str) -> None:
    page.get_by_role("button", name="Show the files").click()
    assert_receipt(page, title)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
