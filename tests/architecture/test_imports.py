"""The import rule of the house: down or sideways-left, never up."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A module may import from its own level and from those before it; engines from none.
LEVELS = ("engine", "base", "model", "access", "verb", "guard", "door", "factory")
ENGINES = ("gallery.uploads", "gallery.imaging", "gallery.demo")
MODELS = ("accounts", "photos", "albums", "sharing", "keeping", "exports")
BASE = {
    *("config", "errors", "extensions", "upload_sets", "storage", "secret_key"),
    *("processes", "assets", "headers", "compression", "bodies", "server", "folders", "languages"),
    *("machine", "variants", "shapes", "secret_links", "form", "fields", "settings", "mail"),
    *("at_once", "fragments"),
}
VISITOR = {"request", "session", "current_user"}
DOORS = {"views", "forms", "tokens", "cli", "error_handlers", "health", "keyboard", "manifest"}
DOORS |= {"catalogues"}


def level_of(module: str) -> str:
    parts = module.split(".")[1:]
    if any(module == engine or module.startswith(engine + ".") for engine in ENGINES):
        return "engine"
    if parts and parts[0] in ("factory", "worker", "serve", "examples"):
        return "factory"  # which knows everybody
    if not parts or parts[0] == "jobs" or (len(parts) == 1 and parts[0] in BASE):
        return "base"
    if parts[-1] == "models":
        return "model"
    if parts == ["access"]:
        return "access"
    if parts[-1] == "guard":
        return "guard"
    if (
        parts[0] in ("api", "admin", "upload")
        or parts[-1] in DOORS
        or parts[-1].endswith(("_views", "_forms"))
    ):
        return "door"
    return "verb"


def faults_of(module: str, source: str, known: set[str]) -> Iterator[str]:
    """Yield a sentence for each import of a module that breaks the rule."""
    tree = ast.parse(source)
    late = {n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    hints = {
        n
        for i in ast.walk(tree)
        if isinstance(i, ast.If) and "TYPE_CHECKING" in ast.dump(i.test)
        for n in ast.walk(i)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom) or node in hints:
            continue
        if node in late:
            yield f"{module}:{node.lineno} imports inside a function"
        for target in targets_of(module, node, known):
            if not is_allowed(module, target):
                yield f"{module}:{node.lineno} imports {target}, a {level_of(target)}"


def targets_of(module: str, node: ast.Import | ast.ImportFrom, known: set[str]) -> Iterator[str]:
    """Resolve an import, relative or absolute, to the modules of ours that it names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        package = module if f"{module}.__init__" in known else module.rpartition(".")[0]
        for _ in range(node.level - 1):
            package = package.rpartition(".")[0]
        base = f"{package}.{node.module or ''}".rstrip(".") if node.level else node.module or ""
        inner = [f"{base}.{alias.name}" for alias in node.names]
        names = [name if name in known else base for name in inner]
    yield from (name for name in names if name == "gallery" or name.startswith("gallery."))


def is_allowed(module: str, target: str) -> bool:
    here, there = level_of(module), level_of(target)
    if here == "engine":
        engine = next(e for e in ENGINES if module.startswith(e))
        return target == engine or target.startswith(engine + ".")
    if here == "door" and there == "door":
        return module.split(".")[1] == target.split(".")[1]
    if here == "model" and there == "model":
        return MODELS.index(target.split(".")[1]) <= MODELS.index(module.split(".")[1])
    if there == "factory":
        return here == "factory"
    return LEVELS.index(there) <= LEVELS.index(here)


def modules() -> dict[str, str]:
    found = {}
    for path in (ROOT / "gallery").rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name] = path.read_text()
    return found


def faults(sources: dict[str, str], *asked: str) -> list[str]:
    """Return the faults of the modules that are asked about, or of all."""
    known = set(sources) | {name.removesuffix(".__init__") for name in sources}
    return [
        fault
        for name in asked or sources
        for fault in faults_of(name.removesuffix(".__init__"), sources[name], known)
    ]


def test_imports_point_down() -> None:
    assert faults(modules()) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("gallery.photos.models", "from .ingest import ingest"),
        ("gallery.photos.models", "import gallery.photos.ingest"),
        ("gallery.accounts.models", "from ..photos.models import Photo"),
        ("gallery.photos.ingest", "from . import views"),
        ("gallery.photos.ingest", "from ..accounts import guard"),
        ("gallery.admin.views", "from ..photos.views import bp"),
        ("gallery.uploads.sets", "from .. import errors"),
        ("gallery.uploads.sets", "from ..imaging import render"),
        ("gallery.imaging.jail", "import gallery.config"),
        ("gallery.errors", "from .access import visible_to"),
        ("gallery.access", "from .photos.ingest import ingest"),
        ("gallery.photos.trash", "from ..factory import create_app"),
        ("gallery.photos.trash", "def late():\n    from .models import Photo"),
    ],
)
def test_planted_violation_is_found(module: str, line: str) -> None:
    sources = modules()
    sources[module] += f"\n{line}\n"

    assert len(faults(sources, module)) == 1


def test_a_name_under_type_checking_may_look_up() -> None:
    sources = modules()
    sources["gallery.accounts.models"] += (
        "\nif TYPE_CHECKING:\n    from ..photos.models import Photo\n"
    )

    assert faults(sources, "gallery.accounts.models") == []


def visitors_in(module: str, source: str) -> list[str]:
    """Return the names by which a verb, a model or access would know who is asking."""
    if level_of(module.removesuffix(".__init__")) not in ("model", "access", "verb"):
        return []
    imports = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom)]
    names = {
        alias.name for n in imports if n.module in ("flask", "flask_login") for alias in n.names
    }
    return sorted(names & VISITOR)


def test_verbs_know_no_visitor() -> None:
    assert {m: v for m, source in modules().items() if (v := visitors_in(m, source))} == {}


def test_a_verb_that_knows_its_visitor_is_found() -> None:
    assert visitors_in("gallery.photos.ingest", "from flask_login import current_user") == [
        "current_user"
    ]


def test_the_uploading_program_needs_nothing_of_the_database() -> None:
    known = {name.removesuffix(".__init__") for name in modules()}
    targets = {
        target
        for module, source in modules().items()
        if module.startswith("gallery.upload.")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for target in targets_of(module, node, known)
    }

    assert {name for name in targets if not name.startswith("gallery.upload.")} == {
        "gallery.folders"
    }
