"""A round of the demo that is open right now, with codes to try it on."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from puls import periods
from puls.content.definitions import Pack
from puls.web.collect import codes, given_codes, vault
from puls.web.collect.durable import replacing
from puls.web.collect.folders import Folders
from puls.web.collect.models import Group, Plan, Round
from puls.web.collect.rounds import round_key
from puls.web.demo.country import OPEN
from puls.web.demo.making import Making
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Unit

OWNER = "owner"
ADDRESS = "demo26"
CODES = 8
"""For each department."""


def open_a_round(pack: Pack, made_of: Making, folders: Folders, home: Path) -> None:
    """A survey at the demo's school, in both languages; a code a line in a file."""
    survey = max(
        (each for (key, _), each in pack.surveys.items() if key == made_of.open),
        key=lambda each: each.version,
    )
    key = round_key(survey.key, OPEN, made_of.home)
    with as_whole_tree(OWNER):
        unit = Unit.objects.using(OWNER).get(pk=made_of.home)
        found, new = Round.objects.using(OWNER).get_or_create(
            key=key,
            defaults={
                "survey": survey.key,
                "survey_version": survey.version,
                "period": OPEN,
                "unit": unit,
                "tenant_id": unit.tenant_id,
                "is_synthetic": True,
            },
        )
        if new:
            vault.make_key(folders.keys, key)
        plan, _ = Plan.objects.using(OWNER).get_or_create(
            round=found,
            defaults={
                "tenant_id": unit.tenant_id,
                "unit": unit,
                "path": unit.path,
                "depth": unit.depth,
                "survey": survey.key,
                "survey_version": survey.version,
                "period": OPEN,
                "languages": list(pack.languages),
                "opens_on": timezone.localdate(),
                "closes_on": timezone.localdate() + timedelta(days=365),
                "address": ADDRESS,
            },
        )
        departments = Unit.objects.using(OWNER).filter(parent=unit, valid_to=None).order_by("name")
        groups = [
            Group.objects.using(OWNER).get_or_create(
                plan=plan,
                name=each.name,
                defaults={
                    "tenant_id": unit.tenant_id,
                    "unit": each,
                    "path": each.path,
                    "depth": each.depth,
                    "people": CODES,
                },
            )[0]
            for each in departments
        ]
    made = [(each, given_codes.codes_store(found, each.pk, CODES, folders)) for each in groups]
    lines = [f"{codes.shown(code)}  {group.name}" for group, theirs in made for code in theirs]
    with replacing(home / f"codes-{survey.key}-{periods.slug(OPEN)}.txt") as draft:
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
