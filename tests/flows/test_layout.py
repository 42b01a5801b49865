"""What a person sees of the grid: rows that end together, and nothing that jumps."""

import pytest

from tests.flows.library import Library

# Of each grid its right edge and its rows; of each tile its shape, and that of its picture.
ROWS = """() => [...document.querySelectorAll(".grid")].map((grid) => {
  const box = (element) => element.getBoundingClientRect()
  const measure = (tile) => {
    const { right, width, height } = box(tile), photo = tile.querySelector("img")?.attributes
    return {
      right, height, shape: width / height, photo: photo && photo.width.value / photo.height.value
    }
  }
  const rows = Map.groupBy([...grid.children], (tile) => Math.round(box(tile).top))
  return { right: box(grid).right, rows: [...rows.values()].map((row) => row.map(measure)) }
})"""
ROW_HEIGHT = "() => parseFloat(getComputedStyle(document.body).getPropertyValue('--row'))"
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (sum += value)))
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => resolve(sum), 300)
})"""

WIDTHS = (390, 768, 1440, 1920)


@pytest.fixture
def grids(open_page, signed_in, library: Library) -> list[dict]:
    """What the grids of the timeline measure, in windows of all widths."""
    page = open_page(storage_state=signed_in("ada"))
    page.goto("/photos")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        row = page.evaluate(ROW_HEIGHT)
        found += [{**grid, "row": row} for grid in page.evaluate(ROWS)]
    return found


def test_full_rows_end_at_the_edge_of_the_grid(grids: list[dict]) -> None:
    ends = [(row[-1]["right"], grid["right"]) for grid in grids for row in grid["rows"][:-1]]

    assert len(ends) >= 12
    assert [(end, edge) for end, edge in ends if abs(end - edge) > 1] == []


def test_tiles_have_the_shape_of_their_photos(grids: list[dict]) -> None:
    tiles = [tile for grid in grids for row in grid["rows"] for tile in row if tile["photo"]]
    whole = [tile for tile in tiles if 0.4 <= tile["photo"] <= 3]

    assert len(whole) >= 60
    assert [tile for tile in whole if abs(tile["shape"] / tile["photo"] - 1) > 0.06] == []


def test_the_last_row_is_not_stretched(grids: list[dict]) -> None:
    lasts = [(grid["rows"][-1][0]["height"], grid["row"]) for grid in grids]

    assert [(height, row) for height, row in lasts if height > 1.6 * row] == []


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_nothing_on_the_timeline_jumps_while_it_loads(
    open_page, signed_in, library: Library, size: str
) -> None:
    page = open_page(size, storage_state=signed_in("ada"))
    page.goto("/photos")
    page.wait_for_load_state("networkidle")

    assert page.evaluate(SHIFTS) == 0
