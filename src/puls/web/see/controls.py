"""What stands above a colour table to choose with: lists, columns to tick, ways to other shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puls.content.definitions import Pack, Role
from puls.views.reasons import source_name
from puls.web.answering import whole
from puls.web.see import choices
from puls.web.see.choices import Choice
from puls.web.see.models import Selection
from puls.web.see.pages import Option, OptionGroup
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit

SAVED = "utvalg"


def saved_in(show: str) -> int | None:
    """The number of the saved selection that an entry of the list stands for: "utvalg-17"."""
    kind, _dash, number = show.partition("-")
    return whole(number) if kind == SAVED else None


def view_options(
    choice: Choice, saved: Sequence[Selection], pack: Pack, language: str
) -> list[OptionGroup]:
    """The list of views: the overview, everything, one filter alone, what was saved.

    A choice that is none of these is an entry of its own, which changes nothing.
    """
    here = _named(choice, saved)

    def option(value: str, name: str) -> Option:
        return Option(value, name, chosen=value == here)

    def filtered(kind: str, keys: Sequence[str], text: str) -> tuple[Option, ...]:
        return tuple(
            option(f"{kind}-{key}", pack.text(language, f"{text}.{key}.name")) for key in keys
        )

    own = [option(choices.CUSTOM, _("Own choice of columns"))] if here == choices.CUSTOM else []
    groups = [
        OptionGroup(
            "",
            (
                *own,
                option(choices.OVERVIEW, pgettext("columns", "Overview")),
                option(choices.ALL, pgettext("columns", "Everything")),
            ),
        ),
        OptionGroup(
            _("Saved selections"),
            tuple(option(f"{SAVED}-{each.pk}", each.name) for each in saved),
        ),
        OptionGroup(_("Quality area"), filtered("omrade", choices.areas(pack), "area")),
        OptionGroup(_("Prerequisite, process, result"), filtered("rolle", tuple(Role), "role")),
        OptionGroup(
            _("Source"),
            (
                *filtered("undersokelse", choices.surveys(pack), "survey"),
                option(choices.REGISTER, pgettext("columns", "Registers")),
            ),
        ),
    ]
    return [group for group in groups if group.options]


def _named(choice: Choice, saved: Sequence[Selection]) -> str:
    """The entry of the list of views that says the choice."""
    told = choice.query(**dict.fromkeys(("cell", "release"), None))
    for each in saved:
        if f"?{each.query}" == told and each.query:
            return f"{SAVED}-{each.pk}"
    alone = [bool(part) for part in (choice.area, choice.role, choice.source, choice.columns)]
    if not any(alone):
        return choice.show
    if sum(alone) > 1 or choice.columns:
        return choices.CUSTOM
    if choice.area:
        return f"omrade-{choice.area}"
    if choice.role:
        return f"rolle-{choice.role}"
    known = {choices.REGISTER: choices.REGISTER}
    return known.get(choice.source, choices.CUSTOM)


@dataclass(frozen=True, slots=True)
class Filter:
    """A list of the panel of filters. name: as the address has it."""

    name: str
    label: str
    options: tuple[Option, ...]


def filters(choice: Choice, tiers: Sequence[str], pack: Pack, language: str) -> list[Filter]:
    """The lists of the panel: area, role, source, and which units make the rows.

    tiers: those below the unit that the reader sees, nearest first; no list for one alone.
    """

    def text(key: str) -> str:
        return pack.text(language, key)

    def several(name: str, label: str, all_of: str, now: str, found: Mapping[str, str]) -> Filter:
        options = [Option("", all_of, not now)]
        options += [Option(key, said, key == now) for key, said in found.items()]
        return Filter(name, label, tuple(options))

    by_area = {key: text(f"area.{key}.name") for key in choices.areas(pack)}
    by_role = {str(role): text(f"role.{role}.name") for role in Role}
    by_source = {key: text(f"survey.{key}.name") for key in choices.surveys(pack)}
    by_source |= {choices.REGISTER: _("All registers")}
    by_source |= {key: text(f"source.{key}.name") for key in choices.registers(pack)}
    found = [
        several("omrade", _("Quality area"), _("All areas"), choice.area, by_area),
        several(
            "rolle",
            _("Prerequisite, process, result"),
            pgettext("roles", "All three"),
            choice.role,
            by_role,
        ),
        several("kilde", _("Source"), _("All sources"), choice.source, by_source),
    ]
    if len(tiers) > 1:
        rows = choice.rows or tiers[0]
        options = tuple(Option(key, _tier(key, pack, language), key == rows) for key in tiers)
        found.append(Filter("rader", pgettext("of a table", "Rows"), options))
    return found


def _tier(key: str, pack: Pack, language: str) -> str:
    return pack.text(language, f"tier.{key}.name").capitalize()


def row_tiers(reach: Reach, unit: Unit, pack: Pack) -> list[str]:
    """The tiers below a unit that the reader sees whole: none where only the own branch shows."""
    if not any(unit.path == own or unit.path.startswith(f"{own}/") for own in reach.paths):
        return []
    return list(pack.country.tier_keys[unit.depth + 1 : reach.depth + 1])


def column_groups(choice: Choice, pack: Pack, language: str) -> list[OptionGroup]:
    """A box for every indicator there is, by source; those chosen one by one are ticked."""
    found: dict[str, list[Option]] = {}
    for each in choices.in_order(pack):
        name = pack.text(language, f"indicator.{each.key}.name")
        option = Option(each.key, name, each.key in choice.columns)
        found.setdefault(source_name(each, pack, language), []).append(option)
    return [OptionGroup(name, tuple(options)) for name, options in found.items()]


def kept(choice: Choice, *changed: str) -> list[tuple[str, str]]:
    """What a form of choices carries along: all that it does not change itself.

    changed: names of its own lists, as the address has them. An explanation is never kept.
    """
    return [each for each in choice.parts(cell=None) if each[0] not in changed]
