"""What can go wrong, in sentences fit to show a person."""

import click


class GalleryError(Exception):
    """The base of every expected mistake: a status and a sentence."""

    code = 400

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class NotAPhoto(GalleryError):
    """The bytes are of no kind that a gallery keeps."""

    code = 415


class TooLarge(GalleryError):
    """A file is over the limit for its kind."""

    code = 413


class QuotaExceeded(GalleryError):
    """The owner's space is used up."""

    code = 413


class DiskFull(GalleryError):
    """What is left of the disk is kept for signing in and deleting."""

    code = 507


class EmailTaken(GalleryError):
    """Somebody has an account with this address."""

    code = 409


class NotPossible(GalleryError):
    """What was asked for is understood, and cannot be."""

    code = 422


class ProviderFailed(GalleryError):
    """Who was asked about somebody said nothing, or nothing that can be believed."""

    code = 502


class BeginAgain(GalleryError):
    """What somebody comes back with is not what they went for, or is used up."""


class NotLetIn(GalleryError):
    """The provider knows who somebody is; that is not enough here."""

    code = 403


class NothingChosen(GalleryError):
    """A form is about photos, and names none."""


class NotThere(GalleryError):
    """What is asked for is gone, or was never this person's."""

    code = 404


class Outdated(GalleryError):
    """What was made ready is not what is there any more."""

    code = 410


class NotSent(GalleryError):
    """A mail is still to be sent: its server was away, or said no."""

    code = 503


class CannotStart(GalleryError, click.ClickException):
    """The machine is not ready; the sentence says what is missing, on the command line too."""

    code = 500
