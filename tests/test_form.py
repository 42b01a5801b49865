"""What forms say of their own accord."""

from pathlib import Path

import pytest
from wtforms.i18n import messages_path

from gallery.form import WORDS
from tests.conftest import Browser
from tests.make import make_user, sign_in


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"places": "1", "days": "8"}, "Choose one of those that are offered."),
        ({"places": "1", "days": ""}, "Choose one of those that are offered."),
    ],
)
def test_a_bent_request_is_refused_in_our_words(
    client: Browser, fields: dict[str, str], sentence: str
) -> None:
    sign_in(client, make_user(is_admin=True))

    answer = client.submit("/admin/invitations", role="user", **fields)

    assert answer.status_code == 422 and sentence in answer.text
    assert "Not a valid" not in answer.text


def test_what_is_put_into_our_words_is_what_the_library_says() -> None:
    said = Path(messages_path(), "wtforms.pot").read_text()

    assert [text for text in WORDS if f'msgid "{text}"' not in said] == []
