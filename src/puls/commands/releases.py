"""`puls release`."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from puls import periods
from puls.commands.opening import Progress, open_data
from puls.errors import PulsError

if TYPE_CHECKING:
    from puls.web.releasing.releases import Made


def run(given: Namespace) -> None:
    if given.close and not given.unit:
        raise PulsError("--close says for which unit not to wait: name it with --unit.")
    if given.correct and given.unit:
        raise PulsError("--correct is for the whole country: leave out --unit.")
    data = open_data(given)
    if given.correct:
        _correct(given, data)
        return
    from puls.web.collect.folders import Folders
    from puls.web.own.beside import all_of_the_installation
    from puls.web.packs import pack
    from puls.web.releasing.releases import periods_to_release, release_period

    wanted: Sequence[int] = periods_to_release() if given.period is None else [given.period]
    progress, made = Progress(), []
    left_out: list[str] = []
    for period in wanted:
        progress(f"Releasing {periods.slug(period)}")
        today = date.today()  # noqa: DTZ011 - the operator's own calendar decides
        with all_of_the_installation():
            made += release_period(
                period,
                pack(),
                Folders(data),
                today,
                given.unit,
                given.close,
                left_out=left_out.append,
            )
    progress.done()
    _tell_all(made, left_out, "Nothing is new: all that was sealed and imported is released.")


def _correct(given: Namespace, data: Path) -> None:
    from puls.web.collect.folders import Folders
    from puls.web.packs import pack
    from puls.web.releasing.correcting import correct

    progress = Progress()
    left_out: list[str] = []
    progress("Releasing corrections")
    today = date.today()  # noqa: DTZ011 - the operator's own calendar decides
    made = correct(pack(), Folders(data), today, given.period, left_out.append)
    progress.done()
    _tell_all(made, left_out, "Nothing is to be corrected: no sealed round came too late.")


def _tell_all(made: "Sequence[Made | None]", left_out: Sequence[str], nothing: str) -> None:
    for each in made:
        tell(each)
    for sentence in left_out:
        print(sentence)
    if not made and not left_out:
        print(nothing)


def tell(made: "Made | None") -> None:
    """One line about a release: how many cells, and how many of them show a number."""
    if made is None:
        print("Nothing is new: it was released before.")
        return
    counts = {
        "shown": "shown",
        "few": "hidden, too few answers",
        "linked": "hidden, others would give them away",
        "no_data": "without data",
        "not_comparable": "not comparable",
    }
    parts = [f"{made.statuses[key]:,} {word}" for key, word in counts.items() if made.statuses[key]]
    release = made.release
    year = periods.slug(release.period)
    print(f"Release {release.pk}, {year}, {release.root_id}: {', '.join(parts)}.")
