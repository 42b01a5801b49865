"""Each part that pages are put together from, on one page; it is there in development alone."""

import datetime as dt

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField

from .access import albums_to_add_to
from .accounts.forms import SureForm
from .accounts.guard import signed_in, user
from .admin import charts
from .admin.growth import Fact
from .albums import shelf
from .extensions import db
from .form import Form
from .photos import lists
from .photos.grids import grid_page
from .photos.limits import Space
from .photos.lists import Link
from .search.documenting import EXAMPLES
from .search.finding import Search
from .secret_links import drawn

bp = Blueprint("examples", __name__)

GROWTH = [Fact(dt.date(2026, month, 1), 3**month * 40_000) for month in range(1, 13)]
UPLOADS = [Fact(dt.date(2026, 7, day), day * 37 % 23) for day in range(1, 31)]


class ExampleForm(Form):
    title = StringField("A line")
    story = TextAreaField("Several lines")
    secret = PasswordField("A secret")
    wrong = StringField("A line that is wrong")
    is_on = BooleanField("A switch")
    which = RadioField("One of several", choices=[("one", "The first"), ("two", "The second")])


@bp.get("/dev/ui")
@signed_in
def show() -> ResponseReturnValue:
    form, search = ExampleForm(which="one", secret="hidden"), Search("sea", user(), is_all=True)
    form.wrong.errors = ["This is what is wrong with it."]
    albums = db.session.scalars(albums_to_add_to(user())).all()
    return render_template(
        "dev/ui.html",
        form=form,
        sure_form=SureForm(user()),
        grid=grid_page(lists.mine("", user()), {}),
        cards=shelf.cards(albums_to_add_to(user()), viewer=user()),
        albums=albums,
        search=search,
        links=[Link("#one", "One thing"), Link("#two", "Another thing")],
        examples=[(search.url(each.text), each) for each in EXAMPLES],
        spaces=[Space("3.2 GB used", None), Space("3.2 of 4 GB used", 80)],
        area=charts.area(GROWTH),
        bars=charts.bars(UPLOADS),
        secret=drawn("https://gallery.example.org/s/an-example"),
    )
