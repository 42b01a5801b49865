"""What every template keeps to, read from its source: the policy, the headings, the addresses."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

PACKAGE = Path(__file__).parents[2] / "gallery"
TEMPLATES = PACKAGE / "templates"
# Of files of text, in which nothing is escaped, one holds HTML (see tests/photos/test_tiles.py).
PATHS = [*TEMPLATES.rglob("*.html"), TEMPLATES / "_macros" / "tiles.txt"]
SOURCES = {str(path.relative_to(TEMPLATES)): path.read_text() for path in PATHS}
JINJA = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"])

# Our policy blocks the first four without a word to anyone but the browser's console.
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)|<script[^>]*>\s*[^<\s]"),
    "an inline style": re.compile(r"<style\b"),
    "an inline handler": re.compile(r"\son[a-z]+\s*="),
    "unescaped text": re.compile(r"\|\s*safe\b|\bMarkup\(|\bautoescape\b"),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
}
ADDRESS = re.compile(r"\s(href|src|srcset|action|formaction|poster)=(\"[^\"]*\"|\S+)")
ALLOWED = re.compile(
    r"\"(#[\w-]+"  # a place on this page
    r"|\{\{ (url_for|asset)\([^{}]*\) \}\}(#\{\{ \w+ \}\})?"
    r"|\{\{ [a-z_]+(\.[a-z_]+)*(\[\d\]|\([^{}]*\))? \}\}"  # from the context, ready-made
    r")\""
)
MUST_NOT_FAIL = ("errors/_plain.html", "errors/500.html", "errors/503.html")


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str, name: str) -> None:
    assert not FORBIDDEN[what].search(SOURCES[name])


def test_files_of_text_are_mail_or_that_one() -> None:
    others = {path for path in TEMPLATES.rglob("*.txt") if path.parent.name != "mail"}

    assert others <= set(PATHS)


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a style attribute", '<p style="--r: 1.5">'),
        ("an inline script", "<script>alert(1)</script>"),
        ("an inline script", '<script type="module">'),
        ("an inline script", "<script src=\"{{ asset('app.js') }}\">alert(1)</script>"),
        ("an inline style", "<style>p { color: red }</style>"),
        ("an inline handler", '<a onclick="go()">'),
        ("unescaped text", "{{ name|safe }}"),
        ("a script as an address", '<a href="javascript:go()">'),
    ],
)
def test_planted_fault_is_found(what: str, planted: str) -> None:
    assert FORBIDDEN[what].search(planted)


@pytest.mark.parametrize("name", SOURCES)
def test_addresses_are_made_not_written(name: str) -> None:
    found = [address for _, address in ADDRESS.findall(SOURCES[name])]
    written = [address for address in found if not ALLOWED.fullmatch(address)]

    assert written in ([], ['"/"'], ['"/"'] * 2) if name in MUST_NOT_FAIL else written == []


@pytest.mark.parametrize("planted", [' href="/photos"', " href={{ url }}", ' src="//cdn/{{ x }}"'])
def test_planted_address_is_found(planted: str) -> None:
    assert [a for _, a in ADDRESS.findall(planted) if not ALLOWED.fullmatch(a)]


def pages() -> list[str]:
    """Return the templates that are whole pages: no part of another, nor a frame for others."""
    frames = {
        found for source in SOURCES.values() for found in re.findall(r'extends "(.+?)"', source)
    }
    return sorted(
        name for name in SOURCES.keys() - frames if "_" not in (name[0], Path(name).name[0])
    )


@pytest.mark.parametrize("name", pages())
def test_page_has_one_heading_of_the_first_level(name: str) -> None:
    assert headings_of_page(name) == (1, 1)


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("_macros/")])
def test_macro_has_no_heading_of_the_first_level(name: str) -> None:
    assert "<h1" not in SOURCES[name]


def headings_of_page(name: str) -> tuple[int, int]:
    """Return the least and the most `h1` that a page may come to have, by any branch."""
    tree, blocks = JINJA.parse(SOURCES[name]), {}
    while True:
        blocks = {block.name: block for block in tree.find_all(nodes.Block)} | blocks
        parent = tree.find(nodes.Extends)
        if parent is None:
            return headings(tree, blocks)
        tree = JINJA.parse(SOURCES[parent.template.value])


def headings(node: nodes.Node, blocks: dict[str, nodes.Block]) -> tuple[int, int]:
    def total(parts: list[nodes.Node]) -> tuple[int, int]:
        counts = [headings(part, blocks) for part in parts]
        return sum(least for least, _ in counts), sum(most for _, most in counts)

    match node:
        case nodes.TemplateData():
            return (node.data.count("<h1"),) * 2
        case nodes.If():
            branches = [total(node.body), *(total(e.body) for e in node.elif_), total(node.else_)]
            return min(least for least, _ in branches), max(most for _, most in branches)
        case nodes.For():
            return 0, 2 * total(node.body)[1]
        case nodes.Block():
            return total(blocks.get(node.name, node).body)
        case nodes.Include():
            return headings(JINJA.parse(SOURCES[node.template.value]), blocks)
        case _:
            return total(list(node.iter_child_nodes()))


def test_icons_are_those_that_are_used() -> None:
    sprite = set(re.findall(r'^  "([a-z0-9-]+)",$', read("frontend/icons.mjs"), re.MULTILINE))
    views = [path.read_text() for path in PACKAGE.glob("*/*.py")]
    named = set(re.findall(r'icon\("([a-z0-9-]+)"', "".join(SOURCES.values())))
    named |= set(re.findall(r'\bDetail\(\s*"([a-z0-9-]+)"', "".join(views)))
    mentioned = set(re.findall(r'"([a-z0-9-]+)"', "".join([*SOURCES.values(), *views])))

    assert named <= sprite
    assert sprite <= mentioned


def read(name: str) -> str:
    return (PACKAGE / name).read_text()
