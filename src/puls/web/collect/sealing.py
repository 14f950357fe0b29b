"""Sealing a round: from encrypted rows to one shuffled file, and nothing left of the rows.

The order of the steps is what makes it safe to be interrupted anywhere and run again:

    close       no more answers come in                                 (committed)
    write       decrypt, shuffle, write the sealed file whole           (renamed into place)
    empty       delete rows and codes and call the round sealed         (committed together)
    forget      destroy the key, and e-mails that a demo kept as files
    count       tallies of the sealed file                              (renamed into place)
    release     by the caller

One process seals a round at a time. Whether a release was already made without these answers is
asked before closing, and again before the rows go, when no release can be made meanwhile.

Before `empty` has committed the rows are the truth and the file may be written again; after it,
the file is. At no moment is there neither, and the file is never read beside the rows.
"""

import shutil
from collections.abc import Callable
from typing import Any

import polars as pl
from django.utils import timezone

from puls.content.definitions import Pack, Survey
from puls.errors import NotNow, PulsError
from puls.web.assess.locking import wait_for_releases
from puls.web.collect import own_counts, own_items, sealed, vault
from puls.web.collect.beside_files import Kept, kept_beside_files
from puls.web.collect.counting import count, is_counted
from puls.web.collect.durable import clear_drafts
from puls.web.collect.folders import Folders
from puls.web.collect.late import refuse_late
from puls.web.collect.locks import alone, lock_of
from puls.web.collect.models import Answer, Code, Mailed, Plan, Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.collect.rounds import round_or_error, survey_of
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree

ASSESS = "assess"
COUNTING = "Counting"
LEFT_OUT = "Left out"
"""What the sentences about these begin with."""


def seal(key: str, pack: Pack, folders: Folders, say: Callable[[str], None]) -> Round:
    """Seal a round; one that is sealed already only gets what an interruption left undone."""
    with alone(ASSESS, lock_of(key), lambda: say(f"Waiting for another process to seal {key}")):
        found = close(key, pack)
        survey = survey_of(pack, found)
        if found.state != Round.State.SEALED:
            say(f"Sealing {key}")
            kept = write(found, survey, pack.thresholds.signed_in, folders)
            found = empty(found, pack, folders, kept.stays.count(False))
            if not kept.whole:
                say(f"{LEFT_OUT}: few answers with codes, which a file beside them gives away")
        vault.destroy_key(folders.keys, key)
        if folders.mails(key).is_dir():
            shutil.rmtree(folders.mails(key))
        if not is_counted(key, survey, folders):
            say(f"{COUNTING} {key}")
            count(key, survey, folders)
    return found


def close(key: str, pack: Pack) -> Round:
    """From here on no answer comes in: those under way are waited for.

    NotNow when a release was made without these answers.
    """
    with as_whole_tree(ASSESS):
        found = round_or_error(key, ASSESS, lock=True)
        if found.state != Round.State.SEALED:
            refuse_late(pack, unit_tree(ASSESS), found.survey, found.period, found.unit_id)
        if found.state == Round.State.OPEN:
            found.state = Round.State.CLOSED
            found.save(using=ASSESS, update_fields=["state"])
    return found


def write(found: Round, survey: Survey, k: int, folders: Folders) -> Kept:
    """The sealed file, from the rows; gives what counts of them."""
    key = vault.read_key(folders.keys, found.key)
    with as_whole_tree(ASSESS):
        own = own_items.read(_own_rows(found))
        stored = Answer.objects.using(ASSESS).filter(round=found).values_list("id", "payload")
        rows = [
            vault.decrypt(key, found.key, answer, bytes(payload))
            for answer, payload in stored.iterator()
        ]
    if not rows:
        raise Untaken(
            f"Round {found.key} has no answers to seal. Import some, or leave it as it is.",
            Reason.NO_ANSWERS,
        )
    asked = len(survey.items) + len(survey.background)
    clear_drafts(folders.sealed(found.key))
    clear_drafts(folders.own(found.key))
    every = sealed.read_rows([(each.leaf, each.given[:asked]) for each in rows], survey)
    kept = kept_beside_files(every, [each.from_file for each in rows], survey, k)
    sealed.write(folders.sealed(found.key), kept.answers, survey)
    if own:
        given = [each.given[asked:] for each, stay in zip(rows, kept.stays, strict=True) if stay]
        own_counts.write(folders.own(found.key), own, survey.scale, given)
    return kept


def empty(found: Round, pack: Pack, folders: Folders, left_out: int = 0) -> Round:
    """The rows go, and the round is sealed: both or neither."""
    try:
        return _empty(found, pack, folders, left_out)
    except NotNow:
        # Nothing can be released of it any more, so it shall not lie there without its key.
        folders.sealed(found.key).unlink(missing_ok=True)
        folders.own(found.key).unlink(missing_ok=True)
        raise


def _own_rows(found: Round) -> list[dict[str, Any]]:
    plan = Plan.objects.using(ASSESS).filter(round=found).first()
    return plan.own if plan else []


def _empty(found: Round, pack: Pack, folders: Folders, left_out: int) -> Round:
    held = pl.scan_parquet(folders.sealed(found.key)).select(pl.len()).collect().item()
    with as_whole_tree(ASSESS):
        wait_for_releases(ASSESS)
        locked = round_or_error(found.key, ASSESS, lock=True)
        refuse_late(pack, unit_tree(ASSESS), found.survey, found.period, found.unit_id)
        deleted, _ = Answer.objects.using(ASSESS).filter(round=locked).delete()
        if deleted != held + left_out:
            raise PulsError(
                f"Round {found.key} has {deleted - left_out} answers and its sealed file {held}: "
                "they must be the same. Nothing was deleted; seal it again."
            )
        Code.objects.using(ASSESS).filter(round=locked).delete()
        Mailed.objects.using(ASSESS).filter(plan__round=locked).delete()
        locked.state = Round.State.SEALED
        locked.sealed_at = timezone.now()
        locked.answers = held
        locked.save(using=ASSESS, update_fields=["state", "sealed_at", "answers"])
    return locked
