"""The demo's national rounds: made up, sealed and counted by processes of their own.

Nothing here needs the database, so it can go on while that is being filled.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from puls.analysis import synthetic
from puls.web.collect import sealed
from puls.web.collect.counting import count, is_counted
from puls.web.collect.folders import Folders
from puls.web.demo import country
from puls.web.demo.country import Country


@dataclass(frozen=True)
class Ready:
    """A round whose sealed file and tallies are there, and how many answered."""

    key: str
    survey: str
    period: int
    answers: int


@contextmanager
def answering(made: Country, root: str, folders: Folders) -> Iterator[Callable[[int], list[Ready]]]:
    """Starts making all rounds; gives a function that waits for those of one school year.

    A round whose files are there from before an interruption is not made again.
    """
    # Children start afresh: threads of the libraries do not survive a fork.
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(2, (os.cpu_count() or 1) - 1))
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        begun: dict[int, list[Future[Ready]]] = {}
        for period in country.SURVEYED:
            for survey, known in sorted(made.truths.items()):
                asked = country.groups(made, survey, period)
                key = f"{survey}-{period}-{root}"
                each = pool.submit(make_round, key, known, period, asked, made.seed, folders)
                begun.setdefault(period, []).append(each)
        try:
            yield lambda period: [each.result() for each in begun[period]]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def make_round(
    key: str,
    known: synthetic.Truth,
    period: int,
    asked: pl.DataFrame,
    seed: int,
    folders: Folders,
) -> Ready:
    """Answers of the whole country to one survey in one year, sealed and counted."""
    file = folders.sealed(key)
    if not is_counted(key, known.survey, folders):
        if not file.exists():
            answers = synthetic.answers(known, period, asked, seed)
            sealed.write(file, answers, known.survey)
        count(key, known.survey, folders)
    answered = pl.scan_parquet(file).select(pl.len()).collect().item()
    return Ready(key, known.survey.key, period, answered)
