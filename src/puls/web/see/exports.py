"""What a download says about itself: its words, and where its numbers come from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puls import periods
from puls.content.definitions import Pack, RegisterSource
from puls.documents.provenance import Provenance, Source, Words
from puls.views import numbers
from puls.views.tables import ColourTable
from puls.web.see.queries import Seen


def provenance(
    seen: Seen, table: ColourTable, pack: Pack, language: str, title: str, address: str
) -> Provenance:
    """Where the numbers of a page come from. address: the one that leads back to just these."""
    label = periods.label(seen.period)
    newest = seen.notes[0] if seen.notes else None
    version = newest.pack_version if newest else pack.version
    return Provenance(
        title=f"{title} {label}",
        period=label,
        address=address,
        release=seen.release or 0,
        made_at=released_on(seen, language),
        k=seen.k,
        pack=f"{pack.text(language, 'pack.name')} {version}",
        synthetic=_("Synthetic data") if seen.synthetic else "",
        sources=sources(seen, table, pack, language),
        created=newest.made_at if newest else None,
    )


def released_on(seen: Seen, language: str) -> str:
    """The day of the newest release that the page comes from, or "" where there is none."""
    return numbers.day(seen.notes[0].made_at.date(), language) if seen.notes else ""


def sources(seen: Seen, table: ColourTable, pack: Pack, language: str) -> tuple[Source, ...]:
    """What the columns rest on: each source and table once, as the newest release has it."""
    used = {column.source for column in table.columns}
    found: dict[tuple[str, str], Source] = {}
    for note in seen.notes:
        for each in note.sources:
            key = str(each["source"]), str(each["table"])
            if key not in found:
                found[key] = source(each, pack, language)
    rests_on = [told for told in found.values() if told.name in used]
    return tuple(sorted(rests_on, key=lambda told: (told.name, told.table)))


def about_sources(table: ColourTable, pack: Pack, language: str) -> list[tuple[str, str]]:
    """What one should know of each source of the columns: its name, and how it came to be.

    Of a survey, what those who answered were told.
    """
    found = {}
    for column in table.columns:
        source = pack.indicators[column.key].source
        if isinstance(source, RegisterSource):
            found[column.source] = pack.text(language, f"source.{source.source}.about")
        else:
            said = {"intro": pack.text(language, f"survey.{source.survey}.intro")}
            found[column.source] = _("What those who answered were told: “%(intro)s”") % said
    return sorted(found.items())


def source(kept: Mapping[str, Any], pack: Pack, language: str) -> Source:
    """One source in words; what the pack has no word for stands as the release says it.

    kept: as a release keeps it: source, table, label, licence, updated, checksum, synthetic.
    """
    told = {name: "" if value is None else str(value) for name, value in kept.items()}
    words, key, table, label = pack.texts[language], told["source"], told["table"], told["label"]
    if key == "answers":
        survey, _v, version = label.partition(" v")
        name = words.get(f"survey.{survey}.name", survey)
        table = _("version %(version)s") % {"version": version}
    else:
        name = words.get(f"source.{key}.name", key)
        cadences = {each.cadence for each in pack.bindings if each.source == key}
        if label in cadences:
            # A table that comes with Puls is told by when it is made, not by its file.
            table = numbers.capitalised(words[f"source.{key}.cadence"])
        elif label:
            table = label if table in label else f"{table}: {label}"
    licence = told["licence"]
    if kept.get("synthetic"):
        # Nobody's licence covers figures that are made up; some tables say so in their own label.
        licence = _("none: synthetic figures") if licence else ""
        word = _("synthetic")
        if word[:8].casefold() not in table.casefold():
            table = f"{table} ({word})"
    return Source(name, table, licence, _written(told["updated"], language), told["checksum"])


def _written(updated: str, language: str) -> str:
    """An ISO date as people write it; anything else as the source says it."""
    try:
        return numbers.day(date.fromisoformat(updated[:10]), language)
    except ValueError:
        return updated


def words() -> Words:
    """The words of a sheet in the reader's language."""
    return Words(
        table=_("Colour table"),
        values=_("Values"),
        sources=_("Sources"),
        unit=_("Unit"),
        unit_key=_("Unit key"),
        indicator=_("Indicator"),
        indicator_key=_("Indicator key"),
        role=_("Role"),
        period=_("School year"),
        value=_("Value"),
        measured_in=_("Measured in"),
        status=_("Status code"),
        status_word=_("Status"),
        shown=pgettext("a value is", "shown"),
        level=_("Level or status in words"),
        criteria=_("Criteria"),
        years=_("School years counted together"),
        change=pgettext("a value has had a", "Change"),
        given=_("Given the prerequisites"),
        low=_("Estimate from"),
        high=_("Estimate to"),
        n=_("Answers"),
        provisional=_("Provisional"),
        yes=pgettext("a fact is so", "yes"),
        reason=_("Reason"),
        source=_("Source"),
        source_table=_("Table"),
        licence=_("Licence"),
        updated=_("Updated"),
        checksum=_("Checksum (SHA-256)"),
        release=_("Release"),
        made_at=_("Released on"),
        smallest_group=_("Smallest group shown"),
        pack=_("Content"),
        address=_("Address"),
        synthetic=_("Real or synthetic"),
    )
