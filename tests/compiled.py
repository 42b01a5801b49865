"""Lets the applications of one process share what each of them would compile for itself.

Each test has an application of its own, and to compile its templates, routes and statements took
most of the time of a test. What comes out is the same in all of them.
"""

from collections.abc import Callable, Iterable
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart

_compile = Rule._compile_builder
_builders: dict[tuple, Callable] = {}
_parse = Rule._parse_rule
_parsed: dict[tuple, tuple] = {}
_dialects: list[Dialect] = []
_statements: dict = {}


def share() -> None:
    """Have all applications of this process compile each template and each route once."""
    Flask.jinja_options = {"bytecode_cache": Templates()}
    Rule._compile_builder = _builder_of
    Rule._parse_rule = _parts_of


class Templates(BytecodeCache):
    """The templates' code, in memory."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key, bucket.checksum] = bucket.code


def _builder_of(rule: Rule, append_unknown: bool = True) -> Callable:
    """Return what writes the addresses of a route."""
    key = (repr(rule), repr(rule.defaults), *rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def _parts_of(rule: Rule, text: str) -> Iterable[RulePart]:
    """Return what of an address a route is held against; the converters are those of the first."""
    key = (text, *rule.map.converters.items())
    if key in _parsed:
        parts, trace, converters, arguments = _parsed[key]
        rule._trace.extend(trace)
        rule._converters.update(converters)
        rule.arguments |= arguments
        return parts
    before, known = len(rule._trace), set(rule._converters)
    parts = list(_parse(rule, text))
    converters = {name: each for name, each in rule._converters.items() if name not in known}
    _parsed[key] = (parts, rule._trace[before:], converters, set(converters))
    return parts


def share_statements(engine: Engine) -> None:
    """Have an engine know the statements that others have compiled."""
    if not _dialects:
        _dialects.append(engine.dialect)
    engine.dialect = _dialects[0]  # a part of the statements' key
    engine.update_execution_options(compiled_cache=_statements)
