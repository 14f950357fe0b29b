"""The pack's examples as rows beside what schools share, so that one search finds both."""

from typing import Any

from django.utils import timezone

from puls.content.definitions import Pack
from puls.content.practices import PARTS, Example
from puls.web.share.models import Kind, Practice
from puls.web.share.states import State
from puls.web.tenants.access import as_whole_tree

OWNER = "owner"


def examples_load(pack: Pack) -> None:
    """Bring the examples up to date with the pack, each in every language that it is told in.

    One that the pack no longer has stays as long as somebody's copy says that it is from there.
    """
    wanted = {
        (example.key, language): _told(example, language, pack)
        for example in pack.examples.values()
        for language in pack.languages
    }
    now = timezone.now()
    with as_whole_tree(OWNER):
        rows = Practice.objects.using(OWNER).exclude(example="")
        known = {(row.example, row.language): row for row in rows}
        for (key, language), told in wanted.items():
            row = known.get((key, language))
            if row is None:
                Practice.objects.using(OWNER).create(
                    example=key,
                    language=language,
                    kind=Kind.PROCESS,
                    is_checked=True,
                    state=State.PUBLISHED,
                    written_at=now,
                    changed_at=now,
                    published_at=now,
                    **told,
                )
            elif any(getattr(row, name) != value for name, value in told.items()):
                Practice.objects.using(OWNER).filter(pk=row.pk).update(changed_at=now, **told)
        gone = [row.pk for at, row in known.items() if at not in wanted]
        Practice.objects.using(OWNER).filter(pk__in=gone, adoptions__isnull=True).delete()


def _told(example: Example, language: str, pack: Pack) -> dict[str, Any]:
    words = {part: pack.text(language, f"practice.{example.key}.{part}") for part in PARTS}
    return {
        **words,
        "of_unit": "Puls",
        "area": example.area,
        "rubric": example.rubric,
        "rubric_level": example.rubric_level,
        "copy": {"steps": [], "template": example.process},
    }
