"""`puls round list`, `puls seal` and `puls score`."""

from argparse import Namespace
from datetime import date

from puls import periods
from puls.commands.opening import Progress, open_data
from puls.commands.releases import tell
from puls.errors import PulsError

ASSESS = "assess"


def show(given: Namespace) -> None:
    open_data(given)
    from puls.web.collect.rounds import rounds
    from puls.web.tenants.access import as_whole_tree

    with as_whole_tree(ASSESS):
        found = rounds(ASSESS)
    if not found:
        print("There are no rounds yet. Begin with: ./puls import answers FILE ...")
        return
    width = max(len(each.key) for each in found)
    for each in found:
        answers = f"{each.answers:,} answers" if each.answers is not None else ""
        made_up = "synthetic" if each.is_synthetic else ""
        year = periods.slug(each.period)
        print(f"{each.key:<{width}}  {year}  {each.state:<6}  {answers:>15}  {made_up}".rstrip())


def seal(given: Namespace) -> None:
    data = open_data(given)
    from puls.web.collect import sealing
    from puls.web.collect.folders import Folders
    from puls.web.own.beside import all_of_the_installation
    from puls.web.packs import pack
    from puls.web.releasing.releases import release_round

    progress, folders = Progress(), Folders(data)
    # The operator's own calendar decides: a release speaks of the units of the day it is made on.
    left_out: list[str] = []
    today = date.today()  # noqa: DTZ011
    with all_of_the_installation():
        found = sealing.seal(given.round, pack(), folders, progress)
        progress(f"Releasing {found.unit_id}")
        made = release_round(found, pack(), folders, today, left_out.append)
    progress.done()
    print(f"Round {found.key} is sealed with {found.answers:,} answers; its key is destroyed.")
    for sentence in left_out:
        print(sentence)
    if made or not left_out:
        tell(made)


def score(given: Namespace) -> None:
    data = open_data(given)
    from puls.analysis.engines import opened
    from puls.web.collect.counting import count
    from puls.web.collect.folders import Folders
    from puls.web.collect.models import Round
    from puls.web.collect.rounds import round_or_error, rounds, survey_of
    from puls.web.own.beside import all_of_the_installation
    from puls.web.packs import pack
    from puls.web.tenants.access import as_whole_tree

    if given.round and given.all:
        raise PulsError("Name one round, or --all of them, not both.")
    with as_whole_tree(ASSESS):
        if given.round:
            found = [round_or_error(given.round, ASSESS)]
            if found[0].state != Round.State.SEALED:
                raise PulsError(
                    f"Round {given.round} is {found[0].state}, and only sealed answers are "
                    f"counted. Seal it with: ./puls seal {given.round}"
                )
        else:
            found = rounds(ASSESS, state=Round.State.SEALED)
    progress = Progress()
    with opened(given.engine) as read, all_of_the_installation():
        for each in found:
            progress(f"Counting {each.key}")
            count(each.key, survey_of(pack(), each), Folders(data), read)
    progress.done()
    print(f"Counted {len(found)} sealed round{'' if len(found) == 1 else 's'}.")
