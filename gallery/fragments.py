"""Parts of pages that are the same for everybody: each is written once for a language."""

from collections.abc import Callable

from flask import Flask, current_app, request
from markupsafe import Markup

from .languages import spoken

MOST = 1000  # of some kilobytes each


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
