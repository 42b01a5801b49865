"""Parts of pages that are the same for everybody: each is written once for a language."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment
from markupsafe import Markup

from .languages import spoken

MOST = 1000  # of some kilobytes each


class Pages(Environment):
    """Jinja's environment, with one dictionary of globals for all templates.

    Jinja gives each a chain of two, and looks through it for each of the ten that make a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Give the templates `{% call kept("name", …) %}`, a part that depends on no more than is said.

    The language and the place of the application are understood.
    """
    app.extensions["fragments"] = {}
    app.jinja_env.globals["kept"] = _kept


def _kept(name: str, *on: object, caller: Callable[[], Markup]) -> Markup:
    known: dict[tuple[object, ...], Markup] = current_app.extensions["fragments"]
    key = (name, *on, spoken(), request.script_root if request else "")
    found = known.get(key)
    if found is None:
        found = caller()
        if not current_app.jinja_env.auto_reload:  # whoever writes it wants to see it
            if len(known) >= MOST:
                known.clear()
            known[key] = found
    return found
