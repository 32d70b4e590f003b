"""flask processes load | check | test | export."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow_app.cli.common import Commands, command_context, one_transaction
from workflow_app.engine import messages
from workflow_app.services.checking import check_files
from workflow_app.services.closure import Seeds
from workflow_app.services.designing.library import index_published
from workflow_app.services.designing.register_changes import edited_registers
from workflow_app.services.designing.sources import published_files, scenarios_of
from workflow_app.services.digests import ensure_rounds
from workflow_app.services.publishing import LoadResult, Outcome, load_seeds, newest_versions
from workflow_app.services.scenarios import run_all
from workflow_app.services.scenarios.mutating import survey_in_parallel
from workflow_app.services.seeding import load_catalogue, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.config import Settings

#: Severity → what the terminal calls it, the least first.
WORDS = {"info": "note", "warning": "warning", "error": "error"}

processes = Commands("processes", help="Load, check, test and export processes.")


@processes.command("load")
def load() -> None:
    """Publish every process whose files changed since they were last loaded."""
    with one_transaction() as ctx:
        settings = ctx.platform.settings
        refused = load_catalogue(ctx, settings.processes)
        ensure_rounds(ctx)
        results = load_seeds(ctx, Seeds.from_folders(settings.processes, settings.forms))
        index_published(ctx)
    for file in refused:
        click.echo(f"refused: {file}", err=True)
    for result in results:
        _report(result)
    if any(r.outcome is Outcome.EDITED for r in results):
        raise SystemExit(1)


@processes.command("check")
@click.option("--warnings/--no-warnings", default=True, help="Show warnings and notes too.")
def check(*, warnings: bool) -> None:
    """Check every process, form, table, mail and manifest without a database."""
    settings = command_context().platform.settings
    seeds = Seeds.from_folders(settings.processes, settings.forms)
    known = _known(seeds, settings)
    found = {line for key in seeds.keys for line in _lines(seeds, key, known)}
    found |= {line for key in seeds.shelves for line in _lines(seeds, key, known, shelf=True)}
    errors = [line for line in found if line[0] == "error"]
    for severity, text in sorted(found if warnings else errors, key=_by_weight):
        click.echo(f"{WORDS[severity]:<8} {text}")
    if found if warnings else errors:
        click.echo("What the words before the colon mean: /help/findings/<word> on the site")
    shelves = f" and {len(seeds.shelves)} folders of tables" if seeds.shelves else ""
    click.echo(f"{len(seeds.keys)} processes{shelves} checked, {len(errors)} errors")
    if errors:
        raise SystemExit(1)


def _known(seeds: Seeds, settings: Settings) -> dict[str, frozenset[str]]:
    """Return what all processes and catalogues together know."""
    spoken = [messages(seeds.source(key)) for key in seeds.keys]
    held = read_toml(settings.processes / "settings.toml")
    return {
        "roles": frozenset(read_toml(settings.processes / "roles.toml")),
        "settings": frozenset(str(one["key"]) for one in held["setting"]),
        "registers": frozenset(
            one.stem for one in (settings.processes / "registers").glob("*.toml")
        ),
        "sent": frozenset().union(*(sent for sent, _ in spoken)),
        "received": frozenset().union(*(received for _, received in spoken)),
    }


def _lines(
    seeds: Seeds, key: str, known: dict[str, frozenset[str]], *, shelf: bool = False
) -> list[tuple[str, str]]:
    findings = check_files(seeds.source(key), **known, shelf=shelf)
    return [(one.severity, f"{one.code}: {one.text()}") for one in findings]


def _by_weight(line: tuple[str, str]) -> tuple[int, str]:
    """Order what matters most last, next to the prompt."""
    return list(WORDS).index(line[0]), line[1]


@processes.command("test")
@click.argument("keys", nargs=-1)
@click.option("--mutate", is_flag=True, help="Spoil each condition and table rule: who notices?")
@click.option("--jobs", default=os.cpu_count() or 1, help="How many processors may be used.")
def test(keys: tuple[str, ...], *, mutate: bool, jobs: int) -> None:
    """Run every scenario on the real engine, in a database that is thrown away; test all tables."""
    settings = command_context().platform.settings
    if mutate:
        _spoil(settings, frozenset(keys), jobs)
        return
    report = run_all(settings, frozenset(keys))
    for line in report.lines:
        click.echo(line)
    if report.failed:
        raise SystemExit(1)


def _spoil(settings: Settings, keys: frozenset[str], jobs: int) -> None:
    found = survey_in_parallel(settings, keys, jobs)
    for problem in found.problems:
        click.echo(f"FAILED {problem}")
    for one in found.survivors:
        click.echo(f"SURVIVED {one.path}: {one.says}")
    click.echo(
        f"{found.tried} conditions and rules spoilt, {len(found.survivors)} noticed by no scenario"
    )
    if found.problems or found.survivors:
        raise SystemExit(1)


@processes.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write the newest version of every process back into files."""
    ctx = command_context()
    # A version holds what it calls as that was when it was published: each process's own newest
    # files are wanted.
    _write(folder, published_files(ctx))
    for version in newest_versions(ctx):
        _write(folder, scenarios_of(ctx, version.id))
        click.echo(f"{version.key}: version {version.number}")
    _write(folder, edited_registers(ctx))


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _report(result: LoadResult) -> None:
    number = f" version {result.number}" if result.number else ""
    click.echo(f"{result.key}: {result.outcome.value}{number}")
    for finding in result.findings:
        if finding.severity == "error" or result.outcome is Outcome.REFUSED:
            click.echo(f"  {finding.severity}: {finding.text()}", err=True)
    if result.difference:
        click.echo(result.difference)
