"""The `puls` command: what it understands. What it does stands in `puls.commands`.

Only what a command needs is imported: `puls audit` and `puls --help` start no Django.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from puls import __version__, periods
from puls.commands.opening import Progress
from puls.errors import PulsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives the exit code: 0, or 1 after one sentence on standard error."""
    given = build_parser().parse_args(arguments)
    module, _, function = given.does.partition(":")
    try:
        getattr(import_module(f"puls.commands.{module}"), function)(given)
        sys.stdout.flush()
    except PulsError as error:
        Progress.broken_off()
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"The Python module {error.name} is missing: run ./puls demo, which installs what is "
            "needed.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        Progress.broken_off()
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`puls audit ... | head`): nothing more to say to it.
        sys.stderr.close()
        return 1
    return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--data",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="the data folder (default: $PULS_DATA, else var/ in the project)",
    )
    parser = argparse.ArgumentParser(
        prog="puls", description="Where are we, where do we want to go, and what do we do?"
    )
    parser.add_argument("--version", action="version", version=f"puls {__version__}")
    parser.add_argument("--data", type=Path, default=None, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(under: Any, name: str, does: str, what: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = under.add_parser(
            name, parents=[everywhere], help=what, description=what
        )
        added.set_defaults(does=does)
        return added

    def group(name: str, what: str) -> Any:
        added = commands.add_parser(name, help=what, description=what)
        return added.add_subparsers(required=True, metavar="WHAT")

    def try_out(which: argparse.ArgumentParser) -> None:
        tried = "say what would come of it, and keep nothing"
        which.add_argument("--dry-run", action="store_true", help=tried)

    demo = command(commands, "demo", "demo:run", "set up the demo country and serve it")
    which = "skole, barnehage or kulturskole, the default; another pack is put in var/PACK"
    demo.add_argument("--pack", default=None, metavar="PACK", help=which)
    serve = command(commands, "serve", "serve:run", "serve the pages")
    for serving in (demo, serve):
        serving.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
        serving.add_argument("--port", type=int, default=8000, help="default 8000")
    command(commands, "migrate", "serve:migrate", "bring the database up to date")

    importing = group("import", "read a file in, whole or not at all")
    for kind, what in (
        ("ssb", "a table of Statistics Norway, JSON-stat as PxWebApi gives it"),
        ("gsi", "a table of Udir's statistics, JSON as its report pages fetch it, or an older CSV"),
    ):
        register = command(importing, kind, "imports:register", what)
        register.set_defaults(kind=kind)
        register.add_argument("file", type=Path, metavar="FILE")
        register.add_argument("--synthetic", action="store_true", help="the figures are made up")
        try_out(register)
    answers = command(importing, "answers", "imports:answers", "answers to a survey, CSV")
    answers.add_argument("file", type=Path, metavar="FILE")
    answers.add_argument("--survey", required=True, help="key of the survey: student, parent")
    answers.add_argument("--period", required=True, type=_period, help="school year: 2026-27")
    answers.add_argument(
        "--unit", required=True, help="the unit that was asked: karmoy-kulturskole"
    )
    answers.add_argument("--synthetic", action="store_true", help="the answers are made up")
    answers.add_argument(
        "--mapping",
        metavar="NAME",
        help="the kept mapping that says what the columns of another program's file are",
    )
    try_out(answers)
    held = answers.add_mutually_exclusive_group()
    held.add_argument(
        "--add",
        action="store_true",
        help="these are other people than those imported before, sealed ones included",
    )
    held.add_argument(
        "--replace", action="store_true", help="these take the place of those imported before"
    )

    survey = command(
        importing, "survey", "surveys:carry", "a survey's structure from LimeSurvey (.lss), as YAML"
    )
    survey.add_argument("file", type=Path, metavar="FILE")
    survey.add_argument("--into", type=Path, metavar="FOLDER", help="of a pack; default: print it")
    audiences = ("student", "parent", "teacher", "leader")
    survey.add_argument("--audience", default="student", choices=audiences, help="who answers")
    survey.add_argument("--key", default="", type=_key, help="default: made from its title")

    try_out(
        command(
            importing,
            "population",
            "imports:population",
            "the residents that come with the country (Statistics Norway, CC BY 4.0), all years; "
            "the file is part of Puls, so none is named",
        )
    )
    borders = command(
        importing,
        "klass",
        "imports:borders",
        "mergers, splits and new names of municipalities, as KLASS lists them (JSON or CSV)",
    )
    borders.add_argument("changes", type=Path, metavar="CHANGES", help="/changes of KLASS")
    borders.add_argument("codes", type=Path, metavar="CODES", help="/codes, from the same day on")
    borders.add_argument(
        "--above", type=Path, metavar="FILE", help="codes of the counties, where one is new"
    )
    try_out(borders)
    schools = command(
        importing,
        "nsr",
        "imports:schools",
        "schools out of the national register NSR (JSON): new, renamed, closed, merged",
    )
    schools.add_argument("file", type=Path, metavar="FILE")
    schools.add_argument(
        "--owners",
        type=Path,
        metavar="FILE",
        help="municipality by organisation number, as KLASS gives it; default: where a school lies",
    )
    schools.add_argument(
        "--into",
        type=_merger,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="the school that a closed one became part of, by number; may be repeated",
    )
    try_out(schools)
    kept = command(importing, "list", "imports:show", "what has been imported, and from where")
    kept.add_argument(
        "--refused", type=int, metavar="N", help="what import number N left out, and why"
    )

    fetch = command(
        commands, "fetch", "fetching:run", "fetch the registers that have changed, over the net"
    )
    fetch.add_argument(
        "table", nargs="?", metavar="TABLE", help="only this one: 13135; borders: mergers and names"
    )
    try_out(fetch)

    rounds = group("round", "rounds of surveys")
    command(rounds, "list", "rounds:show", "the rounds there are, and their state")
    seal = command(commands, "seal", "rounds:seal", "seal a round and release what it shows")
    seal.add_argument("round", metavar="ROUND", help="its key, as `./puls round list` shows it")
    score = command(commands, "score", "rounds:score", "count sealed answers again, into tallies")
    score.add_argument("round", nargs="?", metavar="ROUND", help="only this round")
    score.add_argument("--all", action="store_true", help="all sealed rounds (the default)")
    score.add_argument(
        "--engine",
        type=_engine,
        default="polars",
        metavar="ENGINE",
        help="polars (the default), duckdb, or spark://HOST:PORT, a cluster that sees the data "
        "folder",
    )
    release = command(
        commands, "release", "releases:run", "release what has been sealed and imported"
    )
    release.add_argument("--period", type=_period, help="only this school year: 2026-27")
    release.add_argument(
        "--unit", help="also release this unit and all between it and the rounds below it"
    )
    release.add_argument(
        "--close",
        action="store_true",
        help="release the unit although rounds below it are open, or few have answered",
    )
    release.add_argument(
        "--correct",
        action="store_true",
        help="release corrections: what was released without rounds that came late, with them",
    )

    audit = command(
        commands, "audit", "audit:run", "how much of a table of teams may be published, safely"
    )
    audit.add_argument("file", type=Path, metavar="FILE", help="CSV: county,muni,school,team,freq")
    audit.add_argument("--k", type=_threshold, default=5, help="the smallest group seen, default 5")

    tenants = group("tenant", "administrations that use Puls")
    add = command(tenants, "add", "tenants:add", "give a unit's administration its place in Puls")
    add.add_argument("unit", metavar="UNIT", help="key of the municipality, county or country")
    add.add_argument("--name", help="default: the unit's name")
    add.add_argument("--email", help="invite this person as its first administrator")
    command(tenants, "list", "tenants:show", "the administrations there are")

    replies = command(
        commands, "replies", "meetings:replies", "note answers to invitations that came by e-mail"
    )
    replies.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=".ics, .eml, or a maildir folder"
    )

    command(
        commands, "nightly", "nightly:run", "forget what is over, and send e-mails with what waits"
    )

    units = group("unit", "the country, its administrations, their schools and departments")
    begin = command(units, "add", "units:add", "add a school or a department")
    begin.add_argument("name", metavar="NAME", help="its name: 'Karmøy kulturskole', Musikk")
    begin.add_argument("--under", required=True, metavar="KEY", help="the unit it lies in: no-1149")
    begin.add_argument("--tier", default="", help="refuse unless it is one: school, department")
    begin.add_argument(
        "--partner",
        action="append",
        metavar="KEY",
        help="another municipality that runs the school too and may read it; may be repeated",
    )
    listing = command(units, "list", "units:show", "the units of today, with their keys")
    listing.add_argument("unit", nargs="?", metavar="KEY", help="only this one and all below it")
    return parser


def _period(text: str) -> int:
    try:
        return periods.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _merger(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if not old.strip() or not new.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not OLD=NEW, two organisation numbers")
    return old.strip(), new.strip()


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no key: small letters, digits and _")
    return text


def _engine(text: str) -> str:
    from puls.analysis.engines import is_engine

    if not is_engine(text):
        raise argparse.ArgumentTypeError(f"'{text}' is none of polars, duckdb, spark://HOST:PORT")
    return text


def _threshold(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of respondents: 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
