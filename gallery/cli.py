"""`flask --app wsgi gallery …`: the gallery from the command line."""

import getpass
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect
from tqdm import tqdm

from . import mail, settings
from .accounts.models import Scope, Token, User
from .accounts.resetting import replace
from .accounts.second_step import turn_off
from .accounts.signing_in import hashed, sign_up
from .errors import EmailTaken, NotSent
from .extensions import begin_writing, db, now, rows_changed
from .folders import files_below
from .jobs.lines import Line
from .jobs.models import Job
from .keeping import checking
from .photos.importing import chosen, import_file
from .photos.models import BatchItem, Outcome
from .photos.pages import LABELS
from .photos.places import name_some
from .photos.receipts import begin_batch, choose
from .photos.renewal import Progress, Which, begun_at, count, follow
from .photos.sweep import sweep
from .photos.waiting import KIND
from .photos.wording import number_of, time_in_words


@click.group("gallery", cls=AppGroup)
@with_appcontext
def gallery() -> None:
    """Users, import, checks and demonstration."""
    if not inspect(db.engine).has_table(User.__tablename__):
        upgrade()  # before its first start the gallery has no tables yet


user = AppGroup("user", help="People with an account.")
gallery.add_command(user)

DEMO_USERS = (("Ada Moreau", "ada@example.org"), ("Jonas Lind", "jonas@example.org"))

DEMO_PICTURES = 60
# No picture takes so long, so nobody is at work.
QUIET_SECONDS = 40


@user.command("add")
@click.argument("email")
@click.option("--name", help="The name people see; by default what stands before the @.")
@click.option("--admin", is_flag=True, help="May see everybody's gallery, and run the place.")
def add_user(email: str, name: str | None, admin: bool) -> None:
    """Make an account; the password comes from a prompt or from standard input."""
    password_hash = _hash_of_password()
    begin_writing()
    try:
        sign_up(
            name=name or email.partition("@")[0],
            email=email,
            password_hash=password_hash,
            quota=settings.current().default_quota,
            is_admin=admin,
        )
    except EmailTaken as error:
        raise click.ClickException(error.description) from error
    db.session.commit()
    click.echo(f"{email} can sign in{' and is an admin' if admin else ''}.")


@user.command("password")
@click.argument("email")
def give_password(email: str) -> None:
    """Give somebody another password, from a prompt or from standard input; nothing else lets in.

    For the admin who forgot theirs; others get a link from an admin.
    """
    person = _user_with(email)
    password_hash = _hash_of_password()
    begin_writing()
    replace(person, password_hash)
    db.session.commit()
    click.echo(f"{person.email} can sign in with it, and nothing else lets them in any more.")


@user.command("one-step")
@click.argument("email")
def turn_off_second_step(email: str) -> None:
    """Let somebody sign in by the password alone.

    For the admin who lost the app and the codes for recovery; others ask an admin.
    """
    person = _user_with(email)
    begin_writing()
    turn_off(person, by=person)
    db.session.commit()
    click.echo(f"{person.email} signs in by the password alone.")


token = AppGroup("token", help="What programs show in place of a password.")
gallery.add_command(token)


@token.command("add")
@click.argument("email")
@click.option("--scope", type=click.Choice(Scope, case_sensitive=False), required=True)
@click.option("--name", default="command line", help="What it is for; people see it in the list.")
def add_token(email: str, scope: Scope, name: str) -> None:
    """Make a token and print it, this once."""
    owner = _user_with(email)
    begin_writing()
    made = Token.make(owner, name=name, scope=scope)
    db.session.commit()
    click.echo(made)


@token.command("list")
@click.argument("email")
def list_tokens(email: str) -> None:
    """The tokens of a user: the name to revoke each by, what it may, and when it was used."""
    for row in db.session.scalars(Token.owned_by(_user_with(email)).order_by(Token.created_at)):
        used = f"{row.used_at:%Y-%m-%d %H:%M}" if row.used_at else "never used"
        click.echo(f"{row.public_id}  {row.scope.value}  {used}  {row.name}")


@token.command("revoke")
@click.argument("public_id")
def revoke_token(public_id: str) -> None:
    """End a token; what comes with it is refused from now on."""
    begin_writing()
    if not rows_changed(db.delete(Token).where(Token.public_id == public_id)):
        raise click.ClickException(f"There is no token {public_id}; `token list` says which are.")
    db.session.commit()
    click.echo("Revoked.")


@gallery.command("mail")
@click.argument("address")
def send_test_mail(address: str) -> None:
    """Send a mail at once, and say what the server says."""
    if not mail.is_on():
        raise click.ClickException("No mail is sent: MAIL_SERVER is not set.")
    try:
        mail.send(address, "It works", "The gallery can send mail.\n")
    except NotSent as error:
        raise click.ClickException(f"Not sent: {error.__cause__!r}") from error
    click.echo(f"The mail server took a mail to {address}.")


def _hash_of_password() -> str:
    given = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(given) < 8:
        raise click.ClickException("The password needs 8 characters or more.")
    return hashed(given)


@gallery.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--user", "email", required=True, help="Whose photos they become.")
def import_folder(path: Path, email: str) -> None:
    """Take in a file, or a folder with all below it; what is there already is not taken twice."""
    owner = _user_with(email)
    files = list(files_below(path))
    _, items = begin_batch(owner, map(chosen, files))
    with _interrupts() as interrupts:
        pairs = zip(files, items, strict=True)
        for file, item in tqdm(pairs, total=len(files), unit="file", disable=None):
            if interrupts:
                break
            import_file(file, owner=owner, item=item)
    _summary(items)
    if left := sum(item.outcome is Outcome.WAITING for item in items):
        done = len(items) - left
        click.echo(f"Stopped after {done:,} of {len(items):,}. The same line goes on.")
        sys.exit(130)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Collect the first Ctrl-C, so that the file in hand is finished; a second one ends all."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, previous)


def _summary(items: list[BatchItem]) -> None:
    counts = Counter(item.outcome for item in items)
    for outcome, label in LABELS.items():
        click.echo(label.many % {"number": f"{counts[outcome]:>7,}"})
    refused = (item for item in items if item.outcome is Outcome.REFUSED)
    for reason, number in Counter(item.reason for item in refused).most_common():
        names = [i.client_name for i in items if i.reason == reason][:3]
        click.echo(f"{number:>9,} × {reason} ({', '.join(names)}{', …' if number > 3 else ''})")


def _user_with(email: str) -> User:
    found = db.session.scalar(User.with_email(email))
    if found is None:
        raise click.ClickException(f"Nobody here has the email {email}.")
    return found


@gallery.command("derive")
@click.option("--missing", "which", flag_value="missing", help="What photos lack.")
@click.option("--all", "which", flag_value="all", help="Everything, anew.")
@click.option("--parked", "which", flag_value="parked", help="What was given up.")
def derive_again(which: str | None) -> None:
    """Have previews made by the worker, behind all that somebody waits for, and follow it."""
    if which is None:
        raise click.UsageError("Say which: --missing, --all or --parked.")
    _refuse_while_paused()
    wanted = Which(which)
    if wanted is Which.ALL and (began := begun_at()):
        click.echo(f"Going on with what was begun on {time_in_words(began)}.")
    total, began_at, progress = count(wanted), now(), None
    with _interrupts() as interrupts, tqdm(total=total, unit="photo", disable=None) as bar:
        for progress in _watched(wanted):
            bar.update(progress.done - bar.n)
            if interrupts:
                break
    if interrupts and progress:
        click.echo(
            f"Stopped after {progress.done:,} of {total:,}; the worker ends what is in its line,"
            f" {number_of(progress.in_line, 'photo')}. The same line goes on."
        )
        sys.exit(130)
    parked = Job.number_parked(KIND, since=began_at)
    click.echo(f"{number_of(total, 'photo')} done, {parked:,} of them given up.")


def _watched(which: Which) -> Iterator[Progress]:
    """Follow the worker as long as there is one."""
    mark, since = None, time.monotonic()
    for progress in follow(which):
        if progress.mark != mark:
            mark, since = progress.mark, time.monotonic()
        if time.monotonic() > since + QUIET_SECONDS:
            _refuse_while_paused()
            raise click.ClickException(
                f"Nothing was made for {QUIET_SECONDS} seconds: does the gallery run? What is in"
                " the line waits for it, and the same line goes on."
            )
        yield progress


def _refuse_while_paused() -> None:
    if KIND in Line.paused():
        raise click.ClickException("Previews are paused; an admin lets them go on, under Jobs.")


@gallery.command("demo")
def demo() -> None:
    """Fill the gallery with two people and sixty pictures, made on the spot."""
    people = [_demo_user(name, email) for name, email in DEMO_USERS]
    with tempfile.TemporaryDirectory() as folder:
        batches = [begin_batch(person)[0] for person in people]
        pictures = _drawn(Path(folder), DEMO_PICTURES)
        bar = tqdm(pictures, total=DEMO_PICTURES, unit="picture", disable=None)
        for index, path in enumerate(bar):
            # Four in a row are one journey, and every fifth journey is Jonas’s.
            turn = 1 if index // 4 % 5 == 4 else 0
            begin_writing()
            (item,) = choose(batches[turn], [chosen(path)])
            db.session.commit()
            import_file(path, owner=people[turn], item=item)
            path.unlink()
    click.echo(f"{number_of(DEMO_PICTURES, 'picture')} are in. Start the gallery to see them.")


def _demo_user(name: str, email: str) -> User:
    found = db.session.scalar(User.with_email(email))
    if found is None:
        password = secrets.token_urlsafe(9)
        password_hash = hashed(password)
        begin_writing()
        found = sign_up(name=name, email=email, password_hash=password_hash)
        db.session.commit()
        click.echo(f"Sign in as {email} with the password {password}")
    return found


def _drawn(folder: Path, number: int) -> Iterable[Path]:
    """Yield pictures as another process draws them: this one never loads a decoder."""
    command = [sys.executable, "-m", "gallery.demo", str(folder), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as artist:
        assert artist.stdout is not None
        for line in artist.stdout:
            yield Path(line.rstrip("\n"))
    if artist.returncode:
        raise click.ClickException("Drawing the pictures failed; its own words stand above.")


@gallery.command("places")
def name_places() -> None:
    """Name the places of photos that came before places had names."""
    after: int | None = 0
    while after is not None:
        after = name_some(after)
    click.echo("Every place has its name.")


@gallery.command("verify")
@click.option("--deep", is_flag=True, help="Read every original and compare its SHA-256.")
def verify_all(deep: bool) -> None:
    """Hold rows against files, counters and the index against rows; mends nothing."""
    findings = checking.check(
        deep=deep, progress=lambda photos: tqdm(photos, unit="photo", disable=None)
    )
    db.session.commit()
    for sentence in findings.wrong:
        click.echo(sentence)
    for name in findings.without_row:
        click.echo(f"{name}: no row; the sweep takes it when it is a day old.")
    click.echo(f"{number_of(findings.photos, 'photo')} compared, {len(findings.wrong):,} wrong.")
    sys.exit(1 if findings.wrong else 0)


@gallery.command("sweep")
def sweep_now() -> None:
    """Move files without a row, and trash past its time, into quarantine."""
    swept = sweep()
    click.echo(
        f"{number_of(swept.without_row, 'file')} without a row and"
        f" {swept.past_their_time:,} out of the trash moved into quarantine;"
        f" {swept.out_of_quarantine:,} removed from there for good."
    )
