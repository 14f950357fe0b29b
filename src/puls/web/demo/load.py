"""Setting the demo country up: every step can be interrupted, and does nothing a second time."""

from collections.abc import Callable
from pathlib import Path

from django.db import connections
from django.utils import timezone

from puls import periods
from puls.analysis import synthetic
from puls.content.definitions import Pack
from puls.errors import SetupError
from puls.units import UnitTree
from puls.web.collect.durable import replacing
from puls.web.collect.folders import Folders
from puls.web.collect.locks import DEMO, alone
from puls.web.collect.models import Round
from puls.web.demo import country as countries
from puls.web.demo import quantities
from puls.web.demo.answering import Ready, answering
from puls.web.demo.basics import is_begun, is_ready, mark
from puls.web.demo.country import Country
from puls.web.demo.doings import add_doings
from puls.web.demo.improving import add_improvement
from puls.web.demo.meeting import add_meetings
from puls.web.demo.open_round import open_a_round
from puls.web.demo.own_view import add_own_view
from puls.web.demo.people import add_people
from puls.web.demo.register_files import (
    GSI,
    GSI_SCHOOLS,
    write_answers,
    write_gsi,
    write_kostra,
)
from puls.web.importing.registers import import_population, import_register
from puls.web.releasing.releases import release_period
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Tenant
from puls.web.tenants.services import units_load

OWNER = "owner"
UPDATED = "2026-03-15T07:00:00Z"
"""When the demo's KOSTRA table was last changed: before June, so its last year is provisional."""
Say = Callable[[str], None]


def load(pack: Pack, folders: Folders, say: Say) -> None:
    """Put the demo country into the database and the data folder, or what is missing of it.

    One process at a time does so; who had to wait finds it done. SetupError when the folder
    holds somebody's own data.
    """
    with alone(OWNER, DEMO, lambda: say("Waiting for another process to set the demo up")):
        if not is_ready(folders.data):
            _load(pack, folders, say)


def _load(pack: Pack, folders: Folders, say: Say) -> None:
    home = folders.data / "demo"
    if not is_begun(folders.data):
        with as_whole_tree(OWNER):
            if Tenant.objects.using(OWNER).exists():
                raise SetupError(
                    f"{folders.data} holds data of your own. Choose another folder for the demo "
                    "with --data, or serve what is there with: ./puls serve"
                )
    mark(folders.data, "started")
    say("Making up a country")
    made = countries.make(pack)
    # Answers are made and counted on another core while the database is being filled.
    with answering(made, pack.country.root, folders) as answered:
        load_units(made, pack)
        add_people(made.making)
        say("Importing registers")
        load_registers(made, pack, home)
        for period in countries.SURVEYED:
            say(f"Asking the country in {periods.label(period)}")
            for each in answered(period):
                load_round(made, each, pack, folders)
            root = pack.country.root
            release_period(period, pack, folders, countries.TODAY, root, tree=made.tree)
    say("Releasing the other years")
    for period in sorted(set(countries.COUNTED) - set(countries.SURVEYED)):
        release_period(period, pack, folders, countries.TODAY, tree=made.tree)
    leave_answers_to_import(made, home)
    add_own_view(pack, made.making)
    add_improvement(made.making)
    add_meetings(made.making)
    open_a_round(pack, made.making, folders, home)
    add_doings(made.making)
    with connections[OWNER].cursor() as cursor:
        # So many rows at once: the planner should know before the first page asks.
        cursor.execute("ANALYZE assess_cell, assess_release, tenants_unit")
    mark(folders.data, "ready")


def load_units(made: Country, pack: Pack) -> None:
    """Units, and an administration for every municipality, every county and the country."""
    schools = {unit.key for unit in made.places.units}
    without = UnitTree(
        [unit for unit in made.tree.units.values() if unit.key not in schools],
        [change for change in made.tree.changes if change.old not in schools],
    )
    units_load(without)
    tenants = [
        Tenant(unit_id=unit.key, name=unit.name, is_synthetic=True)
        for unit in without.at(countries.TODAY)
    ]
    with as_whole_tree(OWNER):
        Tenant.objects.using(OWNER).bulk_create(tenants, ignore_conflicts=True)
    owners = {
        unit.key: made.tree.lineage(unit.key)[len(_tiers_of_tenants(pack)) - 1]
        for unit in made.places.units
        if unit.valid_to is None
    }
    units_load(made.tree, owners)


def load_registers(made: Country, pack: Pack, home: Path) -> None:
    """Write the registers' files and import them as any others."""
    if made.making.counted != "kindergarten":
        load_counts(made, pack, home)
    import_population(pack, countries.COUNTED)


def load_counts(made: Country, pack: Pack, home: Path) -> None:
    """What GSI counts, and for culture schools KOSTRA's key figures."""
    tier, of_culture = pack.country.tenant_tier, made.making.counted == "culture_school"
    key_figures = {}
    for period, numbers in countries.counts(made, tier):
        file = home / f"gsi-{periods.slug(period)}.json"
        with replacing(file) as draft:
            write_gsi(draft, period, numbers, made.tree, GSI if of_culture else GSI_SCHOOLS)
        import_register("gsi", file, pack, synthetic=True, tree=made.tree)
        if not of_culture:
            continue
        lowest = numbers["unit"].is_in([u.key for u in made.tree.units.values() if u.tier == tier])
        key_figures[period] = quantities.kostra(numbers, lowest, period, made.seed)
    if not key_figures:
        return
    file = home / "kostra-13135.json"
    with replacing(file) as draft:
        write_kostra(draft, key_figures, made.tree, UPDATED)
    import_register("ssb", file, pack, synthetic=True, tree=made.tree)


def load_round(made: Country, ready: Ready, pack: Pack, folders: Folders) -> None:
    """Enter a round whose answers lie sealed and counted in its files."""
    survey = made.truths[ready.survey].survey
    with as_whole_tree(OWNER):
        Round.objects.using(OWNER).get_or_create(
            key=ready.key,
            defaults={
                "survey": survey.key,
                "survey_version": survey.version,
                "period": ready.period,
                "unit_id": pack.country.root,
                "state": Round.State.SEALED,
                "is_synthetic": True,
                "sealed_at": timezone.now(),
                "answers": ready.answers,
            },
        )


def leave_answers_to_import(made: Country, home: Path) -> None:
    """Answers of one municipality in the newest year, for the reader to import and seal."""
    for survey, known in sorted(made.truths.items()):
        asked = countries.groups(made, survey, countries.OPEN)
        everybody = synthetic.answers(known, countries.OPEN, asked, made.seed)
        theirs = everybody.filter(everybody["leaf"].str.starts_with(f"{made.making.home}."))
        with replacing(home / f"answers-{survey}-{periods.slug(countries.OPEN)}.csv") as draft:
            write_answers(draft, theirs, known.survey)


def _tiers_of_tenants(pack: Pack) -> tuple[str, ...]:
    """The tiers from the country down to the administrations that own schools."""
    tiers = pack.country.tier_keys
    return tiers[: tiers.index(pack.country.tenant_tier) + 1]
