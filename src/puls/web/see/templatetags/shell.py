"""What stands around every page: the three questions, the reader, languages, "synthetic"."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puls.content.opening import publishes
from puls.web.packs import language_of, pack
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, own_place

register = template.Library()

QUESTIONS = {"where": "see:where", "whither": "see:whither", "doing": "follow:doing"}
"""The three questions, and where each leads."""
PRACTICE = "share"
"""The room of good practice, which stands beside the three questions in the head."""
PAGES = {
    "front": "",
    "where": "where",
    "newest": "where",
    "unit": "where",
    "printed": "where",
    "years": "where",
    "selections": "where",
    "selection_change": "where",
    "indicator": "where",
    "trend": "where",
    "dialogue": "where",
    "thought": "where",
    "whither": "whither",
    "goal": "whither",
    "rubric_goal": "whither",
    "what": "doing",
}
"""Which question each page belongs to."""
ROOMS = {
    "quality": "whither",
    "own": "whither",
    "actions": "doing",
    "follow": "doing",
    "improve": "doing",
    "meet": "doing",
}
"""Which question all pages of a room belong to."""

WHOLE_ROOMS = ("collect", "importing", "report")
"""Rooms whose pages all belong to their one link in the account's menu."""


@dataclass(frozen=True, slots=True)
class NavLink:
    name: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Who reads, and as what. place: "Karmøy kulturskole · leader", or the name alone."""

    name: str
    email: str
    place: str
    links: tuple[NavLink, ...]

    @property
    def is_here(self) -> bool:
        """Whether the page is one of the menu's."""
        return any(link.here for link in self.links)


@dataclass(frozen=True, slots=True)
class Shell:
    questions: tuple[NavLink, ...]
    account: Account | None
    languages: tuple[tuple[str, str], ...]
    synthetic: str
    open_data: str
    """Address of what everybody may have, or "" where the pack publishes nothing."""


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Shell:
    """Everything that the head and the foot of a page need, also of pages that know little."""
    request = context.get("request")
    user = getattr(request, "user", None)
    inside = user is not None and user.is_authenticated
    language = get_language() or settings.LANGUAGE_CODE
    others = tuple((code, name) for code, name in settings.LANGUAGES if code != language)
    return Shell(
        questions=_questions(request) if inside else (),
        account=_account(request) if inside else None,
        languages=others if request is not None else (),
        synthetic=_synthetic(request, context),
        open_data=reverse("data:open") if publishes(pack()) else "",
    )


def _questions(request: Any) -> tuple[NavLink, ...]:
    names = {
        "where": _("Where are we?"),
        "whither": _("Where do we want to go?"),
        "doing": _("What do we do?"),
    }
    match = getattr(request, "resolver_match", None)
    app = match.app_name if match is not None else ""
    page = match.url_name if match is not None and app == "see" else ""
    here = ROOMS.get(app) or PAGES.get(page, "")
    # On a unit's page "what do we do?" is about that unit, and back.
    at: dict[str, str] = match.kwargs if match is not None and page in ("unit", "what") else {}
    ways = {key: reverse(name) for key, name in QUESTIONS.items()}
    if at:
        ways["where"] = reverse("see:unit", args=[at["unit"], at["period"]])
        ways["doing"] = reverse("follow:doing_at", args=[at["unit"]])
    practice = NavLink(
        _("Good practice"),
        reverse("share:library"),
        here=match is not None and match.app_name == PRACTICE,
    )
    asked = (NavLink(names[key], ways[key], here=key == here) for key in QUESTIONS)
    return (*asked, practice)


def _account(request: Any) -> Account:
    user = request.user
    membership = getattr(request, "membership", None)
    place = user.name or user.email
    links = [
        *(
            _link(request, _("Your roles"), "switch")
            if getattr(request, "may_switch", False)
            else ()
        ),
        *(_link(request, _("Meetings"), "meet:meetings") if _may(request, "meeting_plan") else ()),
        *(_link(request, _("Access"), "access") if _may(request, "people_see") else ()),
        *(_link(request, _("Units"), "units") if _may(request, "units_see") else ()),
        *(_link(request, _("Surveys"), "collect:rounds") if _may(request, "rounds_see") else ()),
        *(
            _link(request, _("Who sees results when"), "see:gates")
            if _may(request, "units_see")
            else ()
        ),
        *(_link(request, _("Year wheel"), "mine:wheel") if membership is not None else ()),
        *(
            _link(request, _("Quality reports"), "report:reports")
            if _may(request, "report_read")
            else ()
        ),
        *(_link(request, _("Keys to the data"), "data:keys") if _reads(request) else ()),
        *(
            _link(request, _("What I am told by e-mail"), "mine:wishes")
            if membership is not None
            else ()
        ),
        *(
            _link(request, _("What I have written"), "mine:written")
            if membership is not None
            else ()
        ),
        *_link(request, _("Change the password"), "account_change_password"),
    ]
    if membership is not None:
        content = pack()
        name = unit_name(membership.unit, content, language_of(content))
        place = f"{name} · {membership.role_name}"
    return Account(user.name, user.email, place, tuple(links))


def _may(request: Any, rule: str) -> bool:
    """Whether the reader may open the page that the rule is about, at the own unit."""
    reach = getattr(request, "reach", None)
    return reach is not None and can(rule, reach, own_place(reach))


def _reads(request: Any) -> bool:
    """Whether there is a role that a key could read by."""
    return getattr(request, "reach", None) is not None


def _link(request: Any, name: str, address: str) -> list[NavLink]:
    match = getattr(request, "resolver_match", None)
    at = (match.view_name, match.app_name) if match is not None else ("", "")
    here = address == at[0] or (at[1] in WHOLE_ROOMS and address.startswith(f"{at[1]}:"))
    return [NavLink(name, reverse(address), here)]


def _synthetic(request: Any, context: Context) -> str:
    """The word on every page of an administration whose people and answers are made up.

    In a demo also on those of no administration, such as the log-in page.
    """
    membership = getattr(request, "membership", None)
    of_whom = settings.PULS_DEMO if membership is None else membership.tenant.is_synthetic
    made_up = context.get("synthetic") or of_whom
    return _("Synthetic data") if made_up else ""
