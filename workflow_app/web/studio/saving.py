"""The words of assets/js/studio/saving.js, for every editor of a draft's file."""

from __future__ import annotations

from flask_babel import gettext as _


def saving_words() -> dict[str, str]:
    """Return what the script says while it saves, in the reader's language."""
    return {
        "unsaved": _("Not saved yet"),
        "saving": _("Saving…"),
        "saved": _("Saved %(time)s", time="{time}"),
        "notSaved": _(
            "Your entries could not be saved. They are still on this page;"
            " we keep trying to save them."
        ),
        "refused": _("This could not be saved."),
        "conflict": _("Somebody else changed this file."),
        "theirs": _("Show the other version"),
        "mine": _("Download mine"),
    }
