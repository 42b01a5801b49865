"""What is sent by mail where that is configured: links, and word of what was changed."""

import datetime as dt
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from babel.messages import Catalog
from flask import Flask

from gallery import mail, worker
from gallery.accounts import passkeys, posting, resetting
from gallery.accounts.models import AuditEntry, Letter, PasswordReset, User
from gallery.errors import CannotStart, NotSent
from gallery.extensions import begin_writing, db, now
from gallery.factory import create_app
from gallery.jobs.models import Job, JobState
from tests.architecture.test_languages import write
from tests.conftest import ORIGIN, Browser
from tests.crowded import statements
from tests.make import PASSWORD, make_passkey, make_user, sign_in
from tests.postbox import PUBLIC_URL, SENDER, Postbox, postbox, settings
from tests.test_cli import run

NEW = "another horse battery"
OTHER = "lovelace@example.org"


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture(autouse=True)
def box(server: Postbox, instance: Path, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """The server, empty, before the application is made that is told of it."""
    server.__dict__.update(mails=[], recipients=[], refusal="")
    for name, value in settings(server.port).items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


def make_root() -> User:
    return make_user("Root Boss", is_admin=True)


def deliver(app: Flask) -> None:
    """Do what the worker does, until nothing is due."""
    while worker.perform(app):
        pass
    db.session.rollback()


def due_now() -> None:
    begin_writing()
    db.session.execute(db.update(Job).values(not_before=now()))
    db.session.commit()


def the_job() -> Job:
    return db.session.scalars(db.select(Job).execution_options(populate_existing=True)).one()


def path_in(text: str) -> str:
    """The one link of a mail, without the address of the gallery."""
    (link,) = re.findall(rf"^{re.escape(PUBLIC_URL)}(/(?:reset|settings)/\S+)$", text, re.MULTILINE)
    return link


def gets_in(app: Flask, email: str, password: str) -> bool:
    answer = app.test_client().submit("/login", email=email, password=password)
    return answer.status_code == 303


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    assert 'href="/forgot"' in client.get("/login").text
    client.submit("/forgot", email=" ADA@example.org ")
    before = len(box.mails)
    deliver(app)
    sent = box.mails[0]
    path = path_in(sent.get_content())
    look, used, again = client.get(path), client.submit(path, password=NEW), client.get(path)
    deliver(app)

    assert (before, len(box.mails)) == (0, 2), "it is sent by a job, not while somebody waits"
    assert (sent["To"], sent["From"], sent["Subject"]) == (
        ada.email,
        SENDER,
        "Choose a new password",
    )
    assert sent["Auto-Submitted"] == "auto-generated" and sent.get_content_type() == "text/plain"
    for part in (f"the account of ada@example.org at {PUBLIC_URL}", "an hour", "not you"):
        assert part in sent.get_content()
    assert (look.status_code, used.location, again.status_code) == (200, "/login", 404)
    assert gets_in(app, ada.email, NEW) and not gets_in(app, ada.email, PASSWORD)
    assert box.mails[1]["Subject"] == "Your password was changed"
    acts = db.session.scalars(db.select(AuditEntry.act)).all()
    assert acts == [resetting.MAILED, "password changed"]


def test_known_unknown_and_disabled_addresses_get_the_same_answer(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    out = make_user("Out")
    out.is_disabled = True
    db.session.commit()

    told = set()
    for email in (ada.email, out.email, "nobody@example.org"):
        answer = client.submit("/forgot", email=email)
        told.add(
            (answer.status_code, answer.location, answer.data, client.get(answer.location).data)
        )
        rows = db.session.scalars(db.select(Letter.user_id)).all()
    deliver(app)

    assert len(told) == 1 and rows == [None] * 3
    assert box.recipients == [[ada.email]]
    assert not db.session.scalars(db.select(Letter)).all()


def test_a_mail_names_our_address_whatever_the_request_says(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    token = client.token()
    headers = {"Origin": ORIGIN, "X-Forwarded-Host": "evil.example"}
    fields = {"csrf_token": token, "email": ada.email}

    strange = client.post("/forgot", data=fields, headers={**headers, "Host": "evil.example"})
    client.post("/forgot", data=fields, headers=headers)
    deliver(app)

    assert strange.status_code == 400
    (sent,) = box.mails
    assert "evil" not in sent.as_string() and path_in(sent.get_content())


@pytest.mark.parametrize("more", ["\r\nBcc: eve@example.org", ",eve@example.org", "\n\nText"])
def test_no_address_brings_another_into_a_mail(
    app: Flask, client: Browser, box: Postbox, ada: User, more: str
) -> None:
    asked = client.submit("/forgot", email=ada.email + more)
    deliver(app)
    with pytest.raises(NotSent):
        mail.send(ada.email + more, "Subject", "Text")
    with pytest.raises(NotSent):
        mail.send(ada.email, "Subject\r\nBcc: eve@example.org", "Text")

    assert asked.status_code == 422 and not box.mails


def test_too_many_tries_bring_a_pause_by_address_and_sender(app: Flask, client: Browser) -> None:
    app.config["LOGIN_EMAIL_LIMIT"] = "2 per minute"

    def ask(name: str) -> int:
        return client.submit("/forgot", email=f"{name}@example.org").status_code

    codes = [ask(name) for name in ("ada", "ADA", "ada", "eve")]
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    assert (codes, ask("ada")) == ([303, 303, 429, 303], 303)


def test_nobody_is_sent_more_than_five_links_an_hour(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    begin_writing()
    for _ in range(4):
        resetting.was_mailed(ada)
    db.session.commit()

    for _ in range(2):
        client.submit("/forgot", email=ada.email)
        deliver(app)

    assert len(box.mails) == 1 and not db.session.scalars(db.select(Letter)).all()


def test_one_network_asks_for_so_many_and_no_more(app: Flask, client: Browser) -> None:
    app.config["LOGIN_LIMIT"] = "2 per minute"

    codes = [client.submit("/forgot", email=f"{name}@example.org").status_code for name in "abc"]

    assert codes == [303, 303, 429]


def test_a_mailed_link_holds_for_an_hour_and_ends_no_link_of_an_admin(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    begin_writing()
    theirs = resetting.offer(ada, by=make_root())
    db.session.commit()
    for _ in range(2):
        client.submit("/forgot", email=ada.email)
        deliver(app)
    first, second = (path_in(sent.get_content()) for sent in box.mails)
    codes = [client.get(path).status_code for path in (first, second, f"/reset/{theirs}")]
    mailed = db.session.get(PasswordReset, (ada.id, ada.id))
    left = mailed.expires_at - now()
    mailed.expires_at = now()
    db.session.commit()

    assert codes == [404, 200, 200]
    assert dt.timedelta(minutes=59) < left <= dt.timedelta(hours=1)
    assert client.get(second).status_code == 404


def test_the_database_holds_no_link(app: Flask, client: Browser, box: Postbox, ada: User) -> None:
    client.submit("/forgot", email=ada.email)
    box.refusal = "451 Later"
    deliver(app)
    box.refusal = ""
    rows = [str(vars(row)) for row in db.session.scalars(db.select(Letter)).all()]
    due_now()
    deliver(app)

    token = path_in(box.mails[0].get_content()).rpartition("/")[2]
    rows += [str(vars(row)) for row in db.session.scalars(db.select(PasswordReset)).all()]
    assert len(rows) == 2 and not any(token in row for row in rows)


def test_a_mail_is_in_the_language_of_whoever_asked(
    instance: Path, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog("de")
    catalog.add("Choose a new password", "Ein neues Passwort")
    catalog.add("The link holds for a day.", "Grüße: der Link gilt einen Tag.")
    write(instance, "de", catalog)
    app = create_app({"TESTING": True})
    app.test_client_class = Browser
    with app.app_context():
        client, ada = app.test_client(), make_user()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
        client.submit("/forgot", email=ada.email)
        sign_in(client, ada)
        client.submit("/settings/email", email=OTHER, current=PASSWORD)
        deliver(app)
        db.session.remove()
        db.engine.dispose()

    assert box.mails[0]["Subject"] == "Ein neues Passwort"
    assert "Grüße: der Link gilt einen Tag." in box.mails[1].get_content()


def test_another_email_counts_once_its_link_is_opened_and_the_old_one_is_told(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    sign_in(client, ada)
    stranger = sign_in(app.test_client(), make_user("Zoe"))

    client.submit("/settings/email", email=f" {OTHER.title()}", current=PASSWORD)
    deliver(app)
    link = path_in(box.mails[0].get_content())
    codes = [each.get(link).status_code for each in (client, stranger, app.test_client())]
    made_up = client.get(f"{link[:-3]}AAA").status_code
    early = gets_in(app, OTHER, PASSWORD)
    answer = client.submit(link)

    assert box.recipients == [[OTHER], [ada.email]]
    assert "another address for the account of ada@example.org" in box.mails[1].get_content()
    assert "/settings/email" not in box.mails[1].get_content(), "the link proves who reads it"
    assert (codes, made_up, early, answer.status_code) == ([200, 404, 302], 404, False, 303)
    assert gets_in(app, OTHER, PASSWORD) and not gets_in(app, "ada@example.org", PASSWORD)
    assert client.submit(link).status_code == 404


def test_an_email_that_is_anothers_by_now_or_was_before_is_refused(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    make_user("Zoe")
    sign_in(client, ada)

    before = client.submit("/settings/email", email="zoe@example.org", current=PASSWORD)
    client.submit("/settings/email", email="eve@example.org", current=PASSWORD)
    make_user("Eve")
    deliver(app)
    client.submit(path_in(box.mails[0].get_content()))

    assert before.status_code == 422 and len(box.mails) == 2
    assert "There is an account with this email already." in client.get("/settings").text
    db.session.refresh(ada)
    assert ada.email == "ada@example.org"


def test_a_new_password_ends_a_change_of_email_and_is_told(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    sign_in(client, ada)
    client.submit("/settings/email", email=OTHER, current=PASSWORD)
    deliver(app)

    client.submit("/settings/password", current=PASSWORD, password=NEW)
    deliver(app)

    assert client.get(path_in(box.mails[0].get_content())).status_code == 404
    assert (box.recipients[2], box.mails[2]["Subject"]) == (
        [ada.email],
        "Your password was changed",
    )
    assert f"{PUBLIC_URL}/forgot" in box.mails[2].get_content()


def test_a_new_password_ends_a_change_of_email_that_was_not_even_sent(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    sign_in(client, ada)
    client.submit("/settings/email", email=OTHER, current=PASSWORD)

    client.submit("/settings/password", current=PASSWORD, password=NEW)
    deliver(app)

    assert [OTHER] not in box.recipients and len(box.mails) == 2


def test_whose_password_is_removed_is_told(app: Flask, box: Postbox, ada: User) -> None:
    for name in ("phone", "key"):
        make_passkey(ada, name)

    with app.test_request_context():
        begin_writing()
        passkeys.remove_password(ada)
        db.session.commit()
    deliver(app)

    (mail,) = box.mails
    assert (box.recipients, mail["Subject"]) == ([[ada.email]], "Your password was removed")
    assert f"{PUBLIC_URL}/forgot" in mail.get_content()


def test_another_email_ends_the_links_that_were_sent_to_the_old_one(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    sign_in(client, ada)
    client.submit("/forgot", email=ada.email)
    client.submit("/settings/email", email=OTHER, current=PASSWORD)
    deliver(app)
    reset, confirm, _told = (sent.get_content() for sent in box.mails)

    client.submit(path_in(confirm))

    assert client.get(path_in(reset)).status_code == 404


def test_one_account_has_so_many_addresses_written_to_and_no_more(
    app: Flask, client: Browser, ada: User
) -> None:
    app.config["MAIL_LIMIT"] = "2 per hour"
    sign_in(client, ada)

    codes = [
        client.submit("/settings/email", email=f"{n}@example.org", current=PASSWORD).status_code
        for n in range(3)
    ]

    assert codes == [303, 303, 429]


def test_a_mail_that_is_not_taken_is_tried_again_later_and_given_up_at_last(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    client.submit("/forgot", email=ada.email)
    box.refusal = "451 Later"
    waits = []
    for _ in worker.PAUSES:
        deliver(app)
        waits.append(round((the_job().not_before - now()).total_seconds() / 60))
        assert (the_job().state, worker.perform(app)) == (JobState.QUEUED, False)
        due_now()
    deliver(app)
    boss = sign_in(app.test_client(), make_root())
    page = boss.get("/admin/jobs").text

    assert waits == [1, 5, 30, 120] and the_job().state is JobState.PARKED
    assert mail.REFUSED in page and "A mail to ada@example.org" in page and not box.mails

    box.refusal = ""
    boss.submit(f"/admin/jobs/{the_job().id}/retry")
    deliver(app)

    assert the_job().state is JobState.DONE and path_in(box.mails[0].get_content())


def test_a_server_that_is_away_is_waited_for(app: Flask, client: Browser, ada: User) -> None:
    app.extensions["mailman"].port = 1
    client.submit("/forgot", email=ada.email)

    deliver(app)

    assert (the_job().state, the_job().reason) == (JobState.QUEUED, mail.AWAY)


def test_a_mail_that_nobody_took_in_a_week_is_forgotten_with_its_job(
    app: Flask, client: Browser, box: Postbox, ada: User
) -> None:
    client.submit("/forgot", email=ada.email)
    client.submit("/forgot", email="eve@example.org")
    old = db.session.scalars(db.select(Letter)).first()
    old.created_at = now() - dt.timedelta(days=8)
    db.session.commit()

    posting.forget_old()

    assert db.session.scalars(db.select(Letter.address)).all() == ["eve@example.org"]
    assert len(db.session.scalars(db.select(Job)).all()) == 1


def test_the_jobs_page_takes_eight_statements_with_the_mail_as_well(
    app: Flask, client: Browser
) -> None:
    sign_in(client, make_root())

    with statements() as said:
        page = client.get("/admin/jobs").text

    assert ">Mail<" in page
    assert len([each for each in said if each.startswith("SELECT")]) <= 8


def test_a_mail_is_sent_from_the_command_line(app: Flask, box: Postbox) -> None:
    done = run(app, "mail", "ada@example.org")
    box.refusal = "550 Unknown <ada>"
    refused = run(app, "mail", "ada@example.org")

    assert (done.exit_code, box.recipients) == (0, [["ada@example.org"]])
    assert refused.exit_code == 1 and "550" in refused.output and "Unknown <ada>" in refused.output


@pytest.mark.parametrize("name", ["PUBLIC_URL", "MAIL_DEFAULT_SENDER"])
def test_without_what_stands_in_each_mail_it_does_not_start(instance: Path, name: str) -> None:
    with pytest.raises(CannotStart, match=name):
        create_app({name: None})


def test_password_and_mail_go_to_the_server_of_that_name_alone(
    instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with postbox(context) as box:
        account = {"MAIL_USE_TLS": "true", "MAIL_USERNAME": "ada", "MAIL_PASSWORD": "12345"}
        for name, value in {**account, "MAIL_PORT": str(box.port)}.items():
            monkeypatch.setenv(f"GALLERY_{name}", value)
        with create_app().app_context():
            with pytest.raises(NotSent) as refused:
                mail.send("ada@example.org", "Subject", "Text")
            known_before = box.names[:]
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            mail.send("ada@example.org", "Subject", "Text")

    assert isinstance(refused.value.__cause__, ssl.SSLCertVerificationError)
    assert known_before == [] and box.names[0].login == b"ada"
    assert box.recipients == [["ada@example.org"]]


def test_a_server_that_cannot_encrypt_gets_no_mail(
    instance: Path, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERY_MAIL_USE_TLS", "true")

    with create_app().app_context(), pytest.raises(NotSent):
        mail.send("ada@example.org", "Subject", "Text")

    assert not box.mails


def test_without_mail_nothing_is_offered_that_needs_it(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GALLERY_MAIL_SERVER")
    app = create_app({"TESTING": True})
    app.test_client_class = Browser
    with app.app_context():
        client, ada = app.test_client(), make_user()
        door = client.get("/login").text
        codes = [
            client.get("/forgot").status_code,
            client.submit("/forgot", email=ada.email).status_code,
        ]
        sign_in(client, ada)
        client.submit("/settings/password", current=PASSWORD, password=NEW)
        client.submit("/settings/email", email=OTHER, current=NEW)
        refused = run(app, "mail", ada.email)
        letters = db.session.scalars(db.select(Letter)).all()
        changed = gets_in(app, OTHER, NEW)
        db.session.remove()
        db.engine.dispose()

    assert 'href="/forgot"' not in door and "they make you a link" in door
    assert (codes, letters, changed) == ([200, 403], [], True)
    assert refused.exit_code == 1 and "MAIL_SERVER" in refused.output
