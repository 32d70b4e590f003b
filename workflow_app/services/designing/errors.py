"""What can go wrong while several people design one process."""

from __future__ import annotations

from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.domain.text import N_


class LostRace(Conflict):
    """The stored text is newer than the one that was changed (params: revision, the stored one)."""

    message = N_(
        "Somebody else saved a newer version of this file. Nothing of theirs was overwritten, and"
        " nothing of yours is lost."
    )


class HeldBySomebody(Conflict):
    """Another person edits the draft (params: who, when; holder, their username)."""

    message = N_("%(who)s is editing this draft since %(when)s.")


class NotOpen(Conflict):
    """The draft is in review, approved, published or discarded, so it cannot be changed."""

    message = N_("This draft is not open for changes. Take it back from review first.")


class FileNotTaken(Invalid):
    """A file of a draft cannot be kept as it is (params: path, reason)."""

    message = N_("“%(path)s” cannot be kept: %(reason)s")


class BadName(Invalid):
    """A name cannot be that of a form, table, letter or register, or is taken (params: name)."""

    message = N_("“%(name)s” is no name: use small letters, digits and _, beginning with a letter.")
    taken = N_("There is “%(name)s” already: choose another name.")


class KeyTaken(Invalid):
    """A process with this key exists (params: key)."""

    message = N_("There is a process with the key “%(key)s” already. Choose another key.")


class KeyUnfit(Invalid):
    """The key cannot name a folder, an address and an element."""

    message = N_(
        "A key begins with a small letter and has small letters, digits and underscores, 3 to 40"
        " characters."
    )
