"""What an administration can do on its first day, with what there is: the first within minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from puls import periods
from puls.content.definitions import Pack, SurveySource
from puls.views.front import FirstDay, Step, first_steps
from puls.web.see import choices, conversation, pages, queries
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A step in words. commands: what whoever runs Puls types, a line each."""

    name: str
    why: str
    link: str = ""
    href: str = ""
    commands: tuple[str, ...] = ()
    done: bool = False


def steps(reach: Reach, content: Pack, language: str) -> dict[str, Any]:
    """For the template: the steps of the reader's role, the first ones first."""
    unit = tenants.unit_or_404(reach, reach.unit)
    above = _with_numbers(unit, content)
    day = FirstDay(
        numbers=above is not None,
        people=max(len(tenants.members()) - 1, 0),
        places=len(tenants.children(reach, unit, timezone.localdate())),
    )
    words, found = _Words(unit, above, content, language), first_steps(reach.role, day)
    intro = _("Nothing has been released about you yet. Begin with what takes a few minutes.")
    if found[0][0] is Step.TALK:
        intro = _(
            "Nothing has been released about you yet. The first of these takes ten minutes and "
            "needs nothing but your team."
        )
    return {"intro": intro, "steps": [words.told(step, done) for step, done in found]}


def _with_numbers(unit: Unit, content: Pack) -> tuple[Unit, int] | None:
    """The nearest unit, itself or one above, of which something is known, and its newest year."""
    for each in (unit, *reversed(tenants.ancestors(unit))):
        every = queries.periods(each.key, content)
        if every:
            return each, every[0]
    return None


class _Words:
    """Each step in the words of one reader."""

    def __init__(
        self, unit: Unit, above: tuple[Unit, int] | None, content: Pack, language: str
    ) -> None:
        self.unit, self.above, self.pack, self.language = unit, above, content, language

    def told(self, step: Step, done: bool) -> Told:
        ways: dict[Step, Callable[[bool], Told]] = {
            Step.TALK: self._talk,
            Step.LOOK: self._look,
            Step.PEOPLE: self._people,
            Step.PLACES: self._places,
            Step.ASK: self._ask,
            Step.ADMINISTRATIONS: self._administrations,
            Step.FIGURES: self._figures,
        }
        return ways[step](done)

    def _talk(self, done: bool) -> Told:
        rubric = conversation.rubrics(self.pack, self.language)[-1]
        return Told(
            _("Talk about quality, in ten minutes"),
            _(
                "Read the four levels of “%(rubric)s” aloud. Two minutes alone: on which level are "
                "we most often? Then talk in pairs, and then all together about what would make "
                "a higher level steady. It needs no numbers at all."
            )
            % {"rubric": rubric.title},
            _("Open the rubric"),
            f"{reverse('see:whither')}#{rubric.key}",
            done=done,
        )

    def _look(self, done: bool) -> Told:
        assert self.above is not None, "nothing to look at"
        unit, period = self.above
        name = queries.unit_name(unit, self.pack, self.language)
        return Told(
            _("Look at what is known already"),
            _("There are figures about %(unit)s for %(period)s.")
            % {"unit": name, "period": periods.label(period)},
            _("Open the colour table of %(unit)s") % {"unit": name},
            pages.unit_address(unit.key, period),
            done=done,
        )

    def _people(self, done: bool) -> Told:
        return Told(
            _("Invite those you work with"),
            _("They get an e-mail with a link, and see the same pages as you."),
            _("Give somebody access"),
            reverse("access"),
            done=done,
        )

    def _places(self, done: bool) -> Told:
        if self.unit.tier == self.pack.country.tenant_tier:
            name, why = _("Add your schools"), _("Each school gets pages and a leader of its own.")
        else:
            name = _("Add your departments")
            why = _(
                "Then you see where something stands out. You can also go on without, and add "
                "them before you ask."
            )
        return Told(name, why, _("Open the list of units"), reverse("units"), done=done)

    def _ask(self, done: bool) -> Told:
        name = self.pack.text(self.language, f"survey.{self._first_survey()}.name")
        return Told(
            _("Ask for the first time"),
            _(
                "“%(survey)s” is ready: people answer on any phone, once and without a name, and "
                "you see the form before anybody else does. Have you asked elsewhere? Answers "
                "also come in from a file, on the round's own page."
            )
            % {"survey": name},
            _("Prepare a round"),
            reverse("collect:new"),
            done=done,
        )

    def _administrations(self, done: bool) -> Told:
        return Told(
            _("Give the first municipality its place"),
            _("Name the municipality and one person; the person gets an e-mail and goes on alone."),
            _("Add an administration"),
            reverse("tenant_new"),
            done=done,
        )

    def _figures(self, done: bool) -> Told:
        return Told(
            _("Read the registers in"),
            _(
                "Then every municipality that comes has something to talk about on its first day. "
                "Whoever runs Puls types these lines."
            ),
            commands=(
                "./puls import population",
                "./puls import ssb FILE.json",
                "./puls import gsi FILE.csv",
                "./puls release",
            ),
            done=done,
        )

    def _first_survey(self) -> str:
        """The one that the first column of the first table comes from."""
        columns = (self.pack.indicators[key] for key in self.pack.default_columns)
        asked = (each.source.survey for each in columns if isinstance(each.source, SurveySource))
        return next(asked, choices.surveys(self.pack)[0])
