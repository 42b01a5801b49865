"""What the engine says of itself: each parameter explained, each example true."""

import doctest
import importlib
import inspect
import io
import pkgutil
from types import ModuleType

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage

import gallery.uploads as uploads
from gallery.uploads import Store
from gallery.uploads.testing import CONTRACT

MODULES = [
    importlib.import_module(f"{uploads.__name__}.{module.name}")
    for module in pkgutil.iter_modules(uploads.__path__)
]
PUBLIC = [name for name in uploads.__all__ if callable(getattr(uploads, name))]
NAMES = {
    **{name: getattr(uploads, name) for name in uploads.__all__},
    **{"Flask": Flask, "FileStorage": FileStorage, "BytesIO": io.BytesIO, "request": request},
}
EXAMPLES = [
    example
    for module in MODULES
    for example in doctest.DocTestFinder(exclude_empty=True).find(module)
    if example.examples
]
FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def defined(module: ModuleType):
    """The functions, classes and methods that are a module's own and public, by their names."""
    for name, public in vars(module).items():
        if name.startswith("_") or getattr(public, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(public) and public not in CONTRACT:  # `lint` explains those
            yield name, public, public.__doc__
        if inspect.isclass(public):
            if has_own_constructor(public):
                yield name, public, public.__doc__
            yield from methods(public)


def has_own_constructor(cls: type) -> bool:
    return "__init__" in vars(cls) and not getattr(cls, "_is_protocol", False)


def methods(cls: type):
    for name, member in vars(cls).items():
        method = getattr(member, "__func__", member)
        if inspect.isfunction(method) and not name.startswith("_"):
            yield f"{cls.__name__}.{name}", method, explanation(cls, name)


def explanation(cls: type, name: str) -> str | None:
    """A method's docstring, and that of the method it overrides or stands for."""
    bases = [base for base in cls.__mro__[1:] if name in vars(base)]
    own = inspect.getdoc(vars(cls)[name]) or ""
    if any(not base.__module__.startswith("gallery.") for base in bases):
        return None  # explained by Python, Flask or Werkzeug
    return own + (getattr(Store, name).__doc__ if f":meth:`Store.{name}`" in own else "")


def parameters(public) -> list[str]:
    return [name for name in inspect.signature(public).parameters if name not in ("self", "cls")]


EXPLAINED = [(name, public, doc) for each in MODULES for name, public, doc in defined(each)]


@pytest.mark.parametrize(("name", "public", "doc"), EXPLAINED, ids=[each[0] for each in EXPLAINED])
def test_every_parameter_is_explained(name, public, doc):
    if doc is not None:
        assert [each for each in parameters(public) if f":param {each}:" not in doc] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_an_example(name):
    assert ">>> " in getattr(uploads, name).__doc__


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_does_what_it_shows(tmp_path, example):
    example.globs = {**example.globs, **NAMES, "folder": str(tmp_path)}
    report: list[str] = []

    results = doctest.DocTestRunner(optionflags=FLAGS).run(example, out=report.append)

    assert results.failed == 0, "".join(report)
