"""Writes mails and sends them, with the links in them that are nowhere else."""

from flask import current_app, render_template

from .. import mail
from ..extensions import begin_writing, db
from ..languages import speaking
from ..secret_links import address_of
from . import changing, resetting
from .models import Letter, LetterKind, User


def send(letter_id: int) -> None:
    """Send a mail and forget it; only forget it, where nobody is to have it.

    :raises NotSent: when it is to be tried again.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        return
    if letter.kind is LetterKind.RESET:
        _send_reset(letter)
    elif letter.user is not None and letter.user.is_active:
        token = changing.email_token(letter.user, letter.address)
        link = address_of("settings.confirm_email", token=token)
        _send(letter, letter.user, to=letter.address, link=link)
    begin_writing()
    db.session.execute(db.delete(Letter).where(Letter.id == letter_id))


def _send_reset(letter: Letter) -> None:
    """Send the link to whoever has the address that was typed, if anybody has."""
    person: User | None = db.session.scalar(User.with_email(letter.address))
    if person is None or person.is_disabled or resetting.has_enough(person):
        return
    begin_writing()
    token = resetting.offer_by_mail(person)
    db.session.commit()  # before it is sent, so that it holds for whoever is quick
    # What was typed may only look like the address: the mail goes to the account's own.
    _send(letter, person, to=person.email, link=address_of("account_links.reset", token=token))
    begin_writing()
    resetting.was_mailed(person)
    db.session.commit()


def _send(letter: Letter, person: User, *, to: str, link: str) -> None:
    facts = {"email": person.email, "home": current_app.config["PUBLIC_URL"], "link": link}
    facts["forgot"] = address_of("accounts.forgot")
    with speaking(letter.language):
        text = render_template(f"mail/{letter.kind.value}.txt", **facts)
    subject, _, body = text.partition("\n")
    mail.send(to, subject, f"{body.strip()}\n")
