"""Signing in by a provider of one's own, before one that runs and that others made."""

import logging
import re
import threading
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from gallery.accounts import inviting
from gallery.accounts.models import AuditEntry, Identity, Session, User
from gallery.errors import CannotStart
from gallery.extensions import begin_writing, db
from gallery.factory import create_app
from tests.accounts.test_second_step import code_of, turn_on
from tests.conftest import Browser
from tests.make import PASSWORD, make_user, sign_in
from tests.programs import free_port
from tests.provider import NAME, SECRET, Provider, Visit

BACK = "/login/provider/back"


@pytest.fixture
def app(app: Flask, provider: Provider) -> Flask:
    """A gallery that knows the provider."""
    app.config.update(provider.settings())
    return app


def begin(client: Browser, path: str = "/login/provider", **fields: str) -> str:
    """Set out for the provider, and return the address there."""
    answer = client.submit(path, **fields)
    assert answer.status_code == 200, answer.text
    url = answer.headers["Refresh"].removeprefix("0; url=")
    assert url in unescape(answer.text)  # for browsers that wait for a click
    return url


def ways(url: str) -> str:
    """What is left of an address in this client, which has no host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def enter(client: Browser, name: str = "ada", *, visit: Visit | None = None, **fields: str):
    """Sign in by the provider, as people do, and return the gallery's answer."""
    said = {key: fields.pop(key) for key in ("fault", "denied") if key in fields}
    return client.get(ways((visit or Visit()).sign_in(begin(client, **fields), name, **said)))


def is_in(client: Browser) -> bool:
    return client.get("/photos").status_code == 200


def trouble(answer) -> str:
    """The sentence on the sign-in page."""
    found = re.search(r'role="alert">.*?</svg>(.*?)</p>', answer.text, re.DOTALL)
    assert found and 'name="password"' in answer.text, answer.text
    return unescape(found[1])


def users() -> list[User]:
    return list(db.session.scalars(db.select(User)))


def acts() -> list[str]:
    return list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))


def linked(app: Flask, name: str = "Ada Moreau", **fields: str) -> tuple[User, Browser]:
    """Somebody with a password who has linked the provider's ada."""
    user, client = make_user(name), app.test_client()
    sign_in(client, user)
    fields = {"current": PASSWORD, **fields}
    answer = client.get(ways(Visit().sign_in(begin(client, "/settings/provider", **fields))))
    assert (answer.status_code, answer.location) == (303, "/settings/provider"), answer.text
    return user, client


def test_nothing_is_offered_where_there_is_no_provider(app: Flask, client: Browser) -> None:
    app.config["OIDC_ISSUER"] = None
    pages = [client.get(path).text for path in ("/login", "/register")]
    sign_in(client, make_user())
    pages += [client.get("/settings/security").text]

    assert not [page for page in pages if NAME in page or "/provider" in page]
    assert client.submit("/login/provider").status_code == 404
    assert client.get(f"{BACK}?code=x&state=y").status_code == 404
    assert client.get("/settings/provider").status_code == 404


def test_what_is_asked_is_bound_to_who_asks(client: Browser, provider: Provider) -> None:
    url = begin(client, next="/trash")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    assert url.startswith(provider.issuer)
    assert asked["redirect_uri"] == f"http://127.0.0.1:5000{BACK}"
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    assert SECRET not in url


def test_whoever_is_new_gets_an_account_without_a_password(app: Flask, client: Browser) -> None:
    page = client.get("/login?next=/trash").text
    answer = enter(client, next="/trash", remember="y")

    ada = users()[0]
    assert f"Continue with {NAME}" in page
    assert (answer.status_code, answer.location) == (303, "/trash")
    assert is_in(client)
    assert (ada.name, ada.email, ada.password_hash) == ("Ada Lind", "ada@example.org", "")
    assert not ada.is_admin and db.session.scalars(db.select(Session)).one().user_id == ada.id
    cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("session="))
    assert "Expires=" in cookie
    guess = app.test_client().submit("/login", email=ada.email, password="A" * 43)
    assert guess.status_code == 422


def test_whoever_comes_again_is_the_same_whatever_their_address(
    app: Flask, client: Browser
) -> None:
    enter(client)
    before = users()[0].id
    begin_writing()
    users()[0].email = "moved@example.org"
    db.session.commit()

    answer = enter(app.test_client())

    assert answer.location == "/photos"
    assert [user.id for user in users()] == [before]


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_coming_back_never_leads_elsewhere(client: Browser, target: str) -> None:
    assert enter(client, next=target).location == "/photos"


@pytest.mark.parametrize(
    ("denied", "status", "sentence"),
    [
        ("y", 403, f"You stopped, or {NAME} did not let you in."),
        ("server_error", 502, f"{NAME} cannot say who you are just now. Try again in a moment."),
    ],
)
def test_a_refusal_is_said_and_the_way_kept(
    client: Browser, denied: str, status: int, sentence: str
) -> None:
    answer = enter(client, denied=denied, next="/trash")

    assert (answer.status_code, trouble(answer)) == (status, sentence)
    assert 'value="/trash"' in answer.text
    assert not is_in(client) and not users()


@pytest.mark.parametrize(
    "fault",
    [
        *("tampered", "signed by another", "signed by our secret", "unsigned"),
        *("of another provider", "for another", "for others too", "too old", "of nobody"),
        *("without a nonce", "no token"),
    ],
)
def test_a_token_that_cannot_be_believed_lets_nobody_in(
    client: Browser, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = enter(client, fault, fault=fault)

    assert answer.status_code == 502
    assert trouble(answer).startswith(f"What {NAME} answered cannot be relied on")
    assert not is_in(client) and not users()
    entry = next(record for record in caplog.records if record.name == "gallery")
    assert entry.levelno == logging.WARNING and entry.exc_info is None
    assert SECRET not in caplog.text


def test_a_token_for_another_question_lets_nobody_in(client: Browser) -> None:
    url = re.sub(r"nonce=[^&]+", "nonce=anothernonce", begin(client))

    answer = client.get(ways(Visit().sign_in(url)))

    assert answer.status_code == 502 and not users()


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    app: Flask, client: Browser
) -> None:
    back = ways(Visit().sign_in(begin(client)))
    cookie = client.get_cookie("session").value
    other = app.test_client()
    begin(other)
    wrong_state = re.sub(r"state=[^&]+", "state=another", ways(Visit().sign_in(begin(other))))

    answers = [app.test_client().get(back), other.get(back), other.get(wrong_state)]
    first = client.get(back)
    again = app.test_client()
    again.set_cookie("session", cookie)  # as whoever had stolen both would come
    replayed = again.get(back)

    for answer in answers:
        assert answer.status_code == 400 and "Please begin again." in trouble(answer)
    assert first.status_code == 303
    assert (replayed.status_code, trouble(replayed)) == (
        400,
        "That sign-in is used up. Please begin again.",
    )
    assert is_in(client) and not any(map(is_in, (other, again)))


def test_an_answer_comes_in_time(client: Browser) -> None:
    back = ways(Visit().sign_in(begin(client)))
    with client.session_transaction() as cookie:
        away = list(cookie["away"])
        away[5] -= 16 * 60
        cookie["away"] = away

    assert client.get(back).status_code == 400


def test_an_answer_of_another_provider_is_none(client: Browser) -> None:
    back = re.sub(r"iss=[^&]+", "iss=https://evil.example", ways(Visit().sign_in(begin(client))))

    assert client.get(back).status_code == 502 and not users()


def test_the_provider_leads_back_to_our_address_alone(client: Browser) -> None:
    url = begin(client).replace("127.0.0.1%3A5000", "127.0.0.1%3A5001")

    assert "/people/" not in Visit().open(url)


def test_a_provider_that_does_not_answer_is_said_to_and_asked_anew(
    app: Flask, client: Browser, provider: Provider
) -> None:
    app.config["OIDC_ISSUER"] = f"http://127.0.0.1:{free_port()}"
    answer = client.submit("/login/provider")

    assert answer.status_code == 502
    assert trouble(answer) == f"{NAME} does not answer. Try again in a moment."
    app.config["OIDC_ISSUER"] = provider.issuer
    assert enter(client).status_code == 303


@pytest.fixture
def no_provider() -> Iterator[HTTPServer]:
    """A server that answers everybody the same: (status, body); it notes what it was asked."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            status, body = server.answer
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body.replace("ISSUER", server.issuer).encode())

        def log_message(self, *_about: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.asked, server.issuer = [], f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        (200, "<html>Not found</html>"),
        (200, "[]"),
        (200, '{"issuer": "ISSUER"}'),
        (200, '{"issuer": "ISSUER", "authorization_endpoint": "http://evil.example/"}'),
        (200, '{"issuer": "https://evil.example", "authorization_endpoint": "ISSUER/auth"}'),
        (500, '{"issuer": "ISSUER", "authorization_endpoint": "ISSUER/auth"}'),
        (302, ""),
    ],
)
def test_what_is_no_provider_is_not_taken_for_one(
    app: Flask, client: Browser, no_provider: HTTPServer, answer: tuple[int, str]
) -> None:
    app.config["OIDC_ISSUER"], no_provider.answer = no_provider.issuer, answer

    said = client.submit("/login/provider")

    assert said.status_code == 502 and NAME in trouble(said)
    assert no_provider.asked == ["/.well-known/openid-configuration"]


def test_an_address_the_provider_does_not_vouch_for_makes_no_account(client: Browser) -> None:
    unsure = enter(client, "ada@unsure.example")
    nowhere = enter(client, "ada@nowhere")

    for answer in (unsure, nowhere):
        assert answer.status_code == 403
        assert trouble(answer).startswith(f"{NAME} has not confirmed your email address.")
    assert not users()


def test_an_account_is_not_taken_over_by_its_address(app: Flask, client: Browser) -> None:
    make_user()

    answer = enter(client)

    assert answer.status_code == 409
    assert trouble(answer).startswith("There is an account with your email already.")
    assert not is_in(client) and not db.session.scalars(db.select(Identity)).all()


def test_an_account_is_linked_in_the_settings_by_whoever_knows_its_password(app: Flask) -> None:
    _, client = linked(app)
    unsure = client.submit("/settings/provider/delete", current="wrong wrong")

    entered = enter(app.test_client())
    page = client.get("/settings/provider").text
    card = client.get("/settings/security").text
    unlinked = client.submit("/settings/provider/delete", current=PASSWORD)

    assert (unsure.status_code, entered.status_code, unlinked.status_code) == (422, 303, 303)
    assert "There you are ada@example.org." in page and "It is linked, and lets you in." in card
    assert enter(app.test_client()).status_code == 409
    assert acts() == ["provider linked", "provider unlinked"]


def test_nobody_links_without_the_password(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())

    answer = client.submit("/settings/provider", current="wrong wrong")

    assert answer.status_code == 422 and "This is not your password." in answer.text
    assert "Refresh" not in answer.headers


def test_one_who_is_linked_opens_one_account(app: Flask) -> None:
    linked(app)
    client = sign_in(app.test_client(), make_user("Zoe"))
    back = Visit().sign_in(begin(client, "/settings/provider", current=PASSWORD))

    answer = client.get(ways(back))

    assert answer.status_code == 422
    assert f"Who you are at {NAME} opens an account already." in answer.text
    assert len(db.session.scalars(db.select(Identity)).all()) == 1


def test_what_was_begun_in_one_session_is_not_linked_in_another(
    app: Flask, client: Browser
) -> None:
    sign_in(client, make_user())
    back = ways(Visit().sign_in(begin(client, "/settings/provider", current=PASSWORD)))
    with client.session_transaction() as cookie:
        away = cookie["away"]
    other = sign_in(app.test_client(), make_user("Zoe"))
    with other.session_transaction() as cookie:
        cookie["away"] = away

    assert other.get(back).status_code == 400
    assert not db.session.scalars(db.select(Identity)).all()


@pytest.mark.parametrize("change", ["is_disabled", "leaving_at"])
def test_who_is_out_is_out_by_the_provider_too(app: Flask, client: Browser, change: str) -> None:
    ada, _ = linked(app)
    begin_writing()
    long_ago = ada.created_at.replace(year=2000)
    setattr(ada, change, True if change == "is_disabled" else long_ago)
    db.session.commit()

    answer = enter(client)

    assert answer.status_code == 403
    assert trouble(answer) == f"{NAME} opens no account here. Ask whoever runs this gallery."
    assert not is_in(client)


def test_where_sign_up_is_closed_nobody_new_comes_in_unless_that_is_wanted(
    app: Flask, client: Browser
) -> None:
    app.config["REGISTRATION_OPEN"] = False
    closed = enter(client)
    app.config["OIDC_CREATES_ACCOUNTS"] = True
    wanted = enter(client)

    assert (closed.status_code, wanted.status_code) == (403, 303)
    assert trouble(closed) == f"{NAME} opens no account here. Ask whoever runs this gallery."


def test_an_invitation_is_taken_by_the_provider(app: Flask, client: Browser) -> None:
    app.config["REGISTRATION_OPEN"] = False
    root = make_user("Root", is_admin=True)
    begin_writing()
    token = inviting.invite(root, inviting.Terms(quota=5))
    db.session.commit()
    page = client.get(f"/join/{token}").text
    carried = re.search(r'name="invitation" value="([^"]+)"', page)[1]

    taken = enter(client, invitation=carried)
    late = enter(app.test_client(), "zoe", invitation=carried)

    ada = db.session.scalars(User.with_email("ada@example.org")).one()
    assert (taken.status_code, ada.quota) == (303, 5)
    assert late.status_code == 404 and len(users()) == 2
    assert acts()[-2:] == ["provider linked", "joined"]


def test_the_code_of_the_second_step_is_asked_for_all_the_same(app: Flask) -> None:
    _, client = linked(app)
    secret, _ = turn_on(client)
    guest = app.test_client()

    answer = enter(guest, next="/trash")
    before = is_in(guest)
    coded = guest.submit("/login/code", code=code_of(secret))

    assert (answer.location, before) == ("/login/code", False)
    assert (coded.status_code, coded.location) == (303, "/trash")


def test_the_last_way_in_stays(app: Flask, client: Browser) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        cookie["proven"] = ("made up", 1e12, False)

    page = client.get("/settings/provider").text
    answer = client.submit("/settings/provider/delete", current=PASSWORD)

    assert "It is your only way in." in page and "Take the link away" not in page
    assert answer.status_code == 422
    assert is_in(client) and db.session.scalars(db.select(Identity)).one()


def prove(client: Browser, name: str = "ada", *, visit: Visit, **said: str):
    url = begin(client, "/settings/provider/again", next="/settings/security")
    return client.get(ways(visit.sign_in(url, name, **said)))


def test_whoever_has_no_password_shows_anew_who_they_are(app: Flask, client: Browser) -> None:
    visit = Visit()
    enter(client, visit=visit)
    page = client.get("/settings/security").text
    early = client.submit("/settings/password", current="", password="a new one")
    asked = visit.open(begin(client, "/settings/provider/again", next="/settings/security"))

    answer = prove(client, visit=visit)
    shown = client.get("/settings/security").text
    done = client.submit("/settings/password", password=PASSWORD)

    assert 'name="current"' not in page and "Show who you are" in page
    assert early.status_code == 422
    assert "/people/" in asked  # though this browser was signed in there already
    assert (answer.status_code, answer.location) == (303, "/settings/security")
    assert "You have shown that it is you." in shown
    assert done.status_code == 303
    assert sign_in(app.test_client(), users()[0])
    assert client.submit("/settings/provider/delete").status_code == 303


@pytest.mark.parametrize(
    ("name", "fault", "status"),
    [
        ("zoe", "", 403),  # another's identity
        ("ada", "asks nobody anew", 502),
    ],
)
def test_nothing_less_is_a_proof(client: Browser, name: str, fault: str, status: int) -> None:
    enter(client)

    answer = prove(client, name, visit=Visit(), fault=fault)

    assert answer.status_code == status
    assert client.submit("/settings/password", password=PASSWORD).status_code == 422


def test_a_proof_lasts_for_minutes_and_in_its_session(app: Flask, client: Browser) -> None:
    visit = Visit()
    enter(client, visit=visit)
    prove(client, visit=visit)
    with client.session_transaction() as cookie:
        session, at, _ = cookie["proven"]
    other = app.test_client()
    enter(other)

    for one, proven in ((other, (session, at, False)), (client, (session, at - 301, False))):
        with one.session_transaction() as cookie:
            cookie["proven"] = proven
        assert one.submit("/settings/password", password=PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OIDC_CLIENT_ID": None}, "OIDC_CLIENT_ID is missing"),
        ({"OIDC_ISSUER": "http://login.example"}, "begins with https://"),
        ({"OIDC_ISSUER": "login.example"}, "begins with https://"),
    ],
)
def test_a_provider_that_is_half_said_keeps_the_gallery_from_starting(
    app: Flask, settings: dict[str, str], said: str
) -> None:
    whole = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "gallery"}

    assert create_app(whole).config["OIDC_NAME"] == "login.example"
    with pytest.raises(CannotStart, match=said):
        create_app({**whole, **settings})
