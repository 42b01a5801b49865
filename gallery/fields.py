"""What a field of a form takes that several parts of the gallery have."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField
from wtforms.widgets import NumberInput, TextInput

from .languages import grouped

MB, GB = 1_000_000, 1_000_000_000


class NumberField(StringField):
    """A number from `least` to `most`, or None where nothing is written.

    With a unit it is written in that, with a comma or a point, and has its bytes.
    """

    def __init__(
        self,
        label: str,
        *,
        most: int,
        least: int = 0,
        unit: int = 1,
        is_needed: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.least, self.most, self.unit = least, most, unit
        if is_needed:
            self.flags.required = True
        is_whole = unit == 1
        self.widget = NumberInput(min=least, max=most) if is_whole else TextInput()
        self.render_kw = {"inputmode": "numeric" if is_whole else "decimal"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / self.unit:f}"

    def process_formdata(self, values: list[str]) -> None:
        if not values:  # not sent at all: as it is by default
            return
        text, self.data = values[0].strip().replace(",", "."), None
        if text or "required" in self.flags:
            self.data = self._number(text)

    def _number(self, text: str) -> int:
        try:
            number = Decimal(text)
            is_one = self.least <= number <= self.most and (self.unit > 1 or not number % 1)
        except InvalidOperation:  # also of what is no number by its name
            is_one = False
        if not is_one:
            raise ValueError(self._sentence())
        return int(number * self.unit)

    def _sentence(self) -> str:
        bounds = {"least": grouped(self.least), "most": grouped(self.most)}
        if "required" in self.flags:
            return _("Write a number from %(least)s to %(most)s.", **bounds)
        return _("Write a number from %(least)s to %(most)s, or nothing.", **bounds)
