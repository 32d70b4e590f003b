"""Catalogues for translators: `python -m workflow_app.cli.translations --help`.

Needs no application and no database, so that it runs before either is set up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from workflow_app.adapters.catalogues import Catalogues, Updated
from workflow_app.config import LANGUAGES, ROOT
from workflow_app.domain.text import N_

#: Words that settings hold by default, and that so stand in no call that the extractor finds.
SETTINGS_WORDS = (N_("Community services"),)
#: What the sign-in library says to people; it asks our catalogue for them.
LIBRARY_WORDS = (
    N_("Authentication failed - identity or password/passcode invalid"),
    N_("You do not have permission to view this resource."),
    N_("Please log in to access this page."),
    N_("Please reauthenticate to access this page."),
    N_("Reauthentication successful"),
    N_("You must sign in to view this resource."),
    N_("Account is disabled."),
)
#: The languages in which nothing may be left in English.
COMPLETE = ("hy", "ka", "uk", "ru")


@click.group()
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True), default=ROOT, help="Repository to read."
)
@click.pass_context
def translations(ctx: click.Context, root: Path) -> None:
    """Keep the catalogues of translations/."""
    ctx.obj = Catalogues(root, root / "translations", tuple(LANGUAGES))


@translations.command()
@click.pass_obj
def update(catalogues: Catalogues) -> None:
    """Read all files and bring every catalogue up to date."""
    for updated in catalogues.update():
        click.echo(_line(updated))
        for msgid in updated.retired:
            click.echo(f"    no longer used, kept at the end of the file: {msgid!r}")


@translations.command()
@click.pass_obj
def check(catalogues: Catalogues) -> None:
    """Fail when a catalogue is stale, fuzzy, broken, or incomplete where it must not be."""
    faults = list(catalogues.check(complete=COMPLETE))
    for fault in faults:
        click.echo(fault.line(), err=True)
    if faults:
        message = f"{len(faults)} faults in the catalogues"
        raise click.ClickException(message)
    click.echo("The catalogues are up to date.")


@translations.command(name="compile")
@click.pass_obj
def compile_catalogues(catalogues: Catalogues) -> None:
    """Write the binary catalogues that the application reads."""
    for language, number in catalogues.compile():
        click.echo(f"{language}: {number} translations")


@translations.command()
@click.argument("language", type=click.Choice(list(LANGUAGES)))
@click.argument("words", type=click.File("r", encoding="utf-8"))
@click.pass_obj
def merge(catalogues: Catalogues, language: str, words: TextIO) -> None:
    """Take translations from a JSON object {sentence: translation} into a catalogue."""
    taken = catalogues.merge(language, json.load(words))
    click.echo(f"{language}: {taken} translations taken")


def _line(updated: Updated) -> str:
    return (
        f"{updated.language}: {updated.messages} sentences, {updated.untranslated} untranslated, "
        f"{len(updated.retired)} retired, {len(updated.revived)} back"
    )


if __name__ == "__main__":
    translations()
