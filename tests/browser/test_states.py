"""Pages in the states that only come by doing something: refused forms, drafts, what was published.

And that no page is forgotten: every address of the rooms below is looked at by axe somewhere.
"""

import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import test_charts, test_everybody, test_table
from tests.browser.walking import COLOUR_RULES, Open, axe_findings
from tests.web.media.uploads import encoded
from tests.web.see.world import SCHOOL

pytestmark = pytest.mark.browser

ROOMS = (
    "see", "documents", "report", "data", "actions", "follow", "improve", "meet", "quality",
    "media", "mine", "collect", "importing", "share", "own", "",
)  # fmt: skip
"""Names of rooms whose pages are all looked at; "" has those of people, places and log-in.

Answering has no addresses here, as it is not Django's: test_answering looks at its form.
"""
NONE = "00000000-0000-4000-8000-000000000000"
"""In place of a key that only what a test makes has."""
HERE = [
    "/kvalitetsmelding/",
    "/kvalitetsmelding/2025-26/",
    "/kvalitetsmelding/2025-26/del/next/",
    "/kvalitetsmelding/2025-26/versjon/1/",
    "/kvalitetsmelding/2025-26/utgave/1/",
    f"/tilgang/{NONE}/",
    "/administrasjon/ny/",
    "/invitasjon/",
    "/vis-for-eier/",
    "/konto/registrering/",
    "/konto/passord/glemt/sendt/",
    "/konto/passord/glemt/1-key/",
    "/konto/passord/glemt/ferdig/",
    "/utvalg/1/endre/",
    "/runder/",
    "/runder/ny/",
    f"/runder/{NONE}/",
    f"/runder/{NONE}/endre/",
    f"/runder/{NONE}/paaminn/",
    f"/runder/{NONE}/svarfil/",
    f"/runder/{NONE}/{NONE}/",
    f"/god-praksis/{NONE}/",
    f"/god-praksis/{NONE}/skriv/",
]
"""Pages that a test of this file, or one that makes what they are about, looks at."""
NO_PAGE = {
    "account_logout": "only a button",
    "account_inactive": "nobody's account is ever closed without its memberships ending first",
    "language": "only a button",
    "invitation": "leads on to the page that takes it",
    "invitation_change": "only buttons",
    "see:where": "leads on",
    "see:newest": "leads on",
    "follow:doing": "leads on",
    "actions:own": "leads on",
    "see:selection": "leads on",
    "see:gate": "only buttons",
    "see:xlsx": "a file",
    "see:csv": "a file",
    "documents:pdf": "a file",
    "documents:pptx": "a file",
    "documents:picture": "a file",
    "report:draft_file": "a file",
    "report:edition_file": "a file",
    "data:key_revoke": "only a button",
    "data:file": "a file",
    "data:openapi": "for programs",
    "data:nothing_here": "for programs",
    "see:thought": "of a key that a test makes: test_charts",
    "actions:action": "of a key that a test makes: test_actions",
    "actions:change": "of a key that a test makes: test_actions",
    "actions:decision": "of a key that a test makes: test_actions",
    "actions:move": "only buttons",
    "actions:progress": "only a button",
    "improve:own": "leads on",
    "improve:improvement": "of a key that a test makes: test_improve",
    "improve:step": "of a key that a test makes: test_improve",
    "improve:history": "of a key that a test makes: test_improve",
    "improve:act": "only buttons",
    "improve:choose": "only buttons",
    "improve:field": "for a script",
    "improve:take_in": "only buttons",
    "improve:tie": "only buttons",
    "meet:meeting": "of a key that a test makes: test_room",
    "meet:lead": "of a key that a test makes: test_room",
    "meet:screen": "of a key that a test makes: test_room",
    "meet:phone": "of a key that a test makes: test_room",
    "meet:minutes": "of a key that a test makes: test_room",
    "meet:change": "of a key that the walk below makes",
    "meet:item_new": "of a key that the walk below makes",
    "meet:item": "of a key that the walk below makes",
    "meet:picture_new": "of a key that the walk below makes",
    "meet:invitees": "of a key that the walk below makes",
    "meet:answers": "of a key that the walk below makes",
    "meet:join": "one button, of a token that only a letter and the screen have",
    "meet:note": "only a button",
    "meet:vote": "only a button",
    "meet:picture": "a file",
    "meet:pdf": "a file",
    "meet:pptx": "a file",
    "meet:minutes_pdf": "a file",
    "own:definition": "of a key that a test makes: test_own",
    "own:write": "of a key that a test makes: test_own",
    "media:picture": "a file",
    "media:picture_small": "a file",
    "media:file": "a file",
    "media:choose": "part of a page: test_editor",
    "media:attach": "only a button",
    "media:remove": "of a key that the walk below makes",
    "media:tell": "of a key that the walk below makes",
    "collect:stop": "only a button",
    "collect:groups": "only buttons, and the round's page where they are refused",
    "collect:step": "only buttons",
    "share:begin": "only a button",
    "mine:feed": "a file",
    "mine:archive": "a file",
    "mine:hand_over": "only a button",
}


def names(resolver: URLResolver, room: str = "") -> set[str]:
    """The names of all addresses below, with their rooms."""
    found = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found |= names(each, each.namespace or room)
        elif isinstance(each, URLPattern) and each.name:
            found.add(f"{room}:{each.name}" if room else each.name)
    return found


def test_no_page_is_forgotten() -> None:
    asked = [*test_everybody.OUTSIDE, *test_charts.PAGES, *test_table.STATES, *HERE, "/"]
    asked += [address for addresses in test_everybody.PAGES.values() for address in addresses]
    seen = {
        resolve(address.split("?")[0]).view_name for address in asked if "not-here" not in address
    }
    every = {name for name in names(get_resolver()) if name.rpartition(":")[0] in ROOMS}
    from_programs = {name for name in every if name.startswith("data:") and "v1" in _route(name)}
    missing = every - seen - NO_PAGE.keys() - from_programs
    assert not missing, f"no test of tests/browser looks at {sorted(missing)}"
    assert not NO_PAGE.keys() - every, "an excuse for an address that is not there"


def _route(name: str) -> str:
    """The address of a read API's endpoint; the page about it has a name of its own."""
    if name == "data:about":
        return ""
    patterns = get_resolver().namespace_dict["data"][1].url_patterns
    return next((str(p.pattern) for p in patterns if p.name == name.partition(":")[2]), "")


class Looked:
    """Pages looked at one after the other: all rules in light, those of colour in dark, a phone."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, list[str]()

    def at(self, address: str = "") -> Page:
        """The page at the address, or as it stands."""
        if address:
            self.page.goto(address)
        self.found += axe_findings(self.page)
        self.page.emulate_media(color_scheme="dark")
        self.found += axe_findings(self.page, COLOUR_RULES)
        self.page.emulate_media(color_scheme="light")
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 700})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            self.found.append(f"{self.page.url}: {wide} pixels wide on a phone")
        if size:
            self.page.set_viewport_size(size)
        return self.page

    def send(self, button: str) -> Page:
        self.page.get_by_role("main").get_by_role("button", name=button).first.click()
        return self.at()

    def check(self) -> None:
        assert not self.found, "\n".join(self.found)


def looked(open_as: Open, person: str, **options: Any) -> Looked:
    return Looked(open_as(person, reduced_motion="reduce", **options))


def test_a_report_from_its_beginning_to_what_everybody_reads(open_as: Open) -> None:
    alice = looked(open_as, "alice")
    alice.at("/kvalitetsmelding/")
    page = alice.send("Lag utkastet")
    expect(page.locator("svg.chart").first).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    alice.at()
    alice.at("/kvalitetsmelding/2025-26/del/next/")
    page.get_by_label("Tekst").fill("Vi øver mer.")
    alice.send("Lagre som ny versjon")
    alice.at("/kvalitetsmelding/2025-26/versjon/1/")
    page.goto("/kvalitetsmelding/2025-26/")
    alice.send("Godkjenn denne versjonen")
    alice.send("Utgi i kommunen")
    alice.at("/kvalitetsmelding/")
    alice.check()
    bob = looked(open_as, "bob")
    bob.at("/kvalitetsmelding/2025-26/utgave/1/")
    bob.at("/kvalitetsmelding/")
    bob.check()


def test_people_are_invited_and_forms_refused(open_as: Open) -> None:
    alice = looked(open_as, "alice")
    page = alice.at("/tilgang/")
    alice.send("Send invitasjonen")
    page.get_by_label("E-postadresse").fill("ny@example.no")
    page.get_by_label("Navn").fill("Ny")
    page.get_by_label("Rolle").select_option(label="lærer")
    page.get_by_label("Hvor").select_option(label="Dans (Karmøy kulturskole)")
    alice.send("Send invitasjonen")
    expect(page.get_by_role("main")).to_contain_text("ny@example.no")
    member = page.locator('main a[href^="/tilgang/"]').first.get_attribute("href")
    alice.at(str(member))
    alice.at("/enheter/no-1149/ny/")
    alice.send("Legg til")
    alice.check()


def test_keys_are_made_and_shown_once(open_as: Open) -> None:
    bob = looked(open_as, "bob")
    page = bob.at("/konto/nokler/")
    bob.send("Lag nøkkelen")
    page.get_by_label("Navn").fill("Regneark")
    bob.send("Lag nøkkelen")
    expect(page.locator(".new-key")).to_be_visible()
    bob.check()


def test_selections_and_goals_that_are_refused(open_as: Open) -> None:
    alice = looked(open_as, "alice")
    page = alice.at("/hvor-skal-vi/mal/student_feedback/2025-26/")
    page.get_by_label("Eller et tall", exact=True).fill("9")
    alice.send("Sett målet")
    expect(page.get_by_role("main")).to_contain_text("skalaen")
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?rolle=result")
    page.get_by_text("Lagre utvalget").click()
    page.get_by_label("Navn").fill("Resultater")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.goto("/utvalg/")
    page.get_by_role("link", name=re.compile("Endre navn eller slett")).first.click()
    alice.at()
    alice.check()


def test_those_who_are_not_logged_in(open_as: Open) -> None:
    nobody = looked(open_as, "")
    page = nobody.at("/konto/logg-inn/")
    page.get_by_label("E-postadresse").fill("bob@example.no")
    page.get_by_label("Passord", exact=True).fill("wrong")
    nobody.send("Logg inn")
    for address in (
        "/konto/passord/glemt/",
        "/konto/passord/glemt/sendt/",
        "/konto/passord/glemt/1-key/",
        "/konto/passord/glemt/ferdig/",
        "/konto/registrering/",
    ):
        nobody.at(address)
    nobody.check()


def test_a_new_administration(open_as: Open) -> None:
    nora = looked(open_as, "nora")
    nora.at("/administrasjon/ny/")
    nora.send("Legg til og inviter")
    nora.check()


@pytest.mark.long
def test_the_forms_of_a_meeting_with_a_picture(open_as: Open) -> None:
    bob = looked(open_as, "bob")
    page = bob.at("/moter/nytt/")
    for label, value in (("Tittel", "Møte"), ("Dag", "2030-02-01"), ("Begynner kl.", "14:00")):
        page.get_by_label(label, exact=True).fill(value)
    bob.send("Planlegg møtet")
    meeting = page.url
    for form in ("endre/", "sak/ny/", "folk/", "svar/", "sak/bilde/"):
        bob.at(f"{meeting}{form}")
    bob.send("Lagre")
    page.get_by_label("Overskrift").fill("Vårkonserten")
    data = encoded(Image.new("RGB", (60, 40), (30, 120, 60)))
    picture = {"name": "kor.png", "mimeType": "image/png", "buffer": data}
    page.get_by_label("Eller et nytt bilde").set_input_files([picture])
    page.get_by_label("Hva det nye bildet viser").fill("Et kor på en scene")
    bob.send("Lagre")
    expect(page.get_by_role("img", name="Et kor på en scene")).to_be_visible()
    page.locator("main .meet-tools a").last.click()
    bob.at()
    page.goto("/bilder/")
    page.locator('main a[href$="/fortell/"]').first.click()
    bob.at()
    page.goto("/bilder/")
    page.locator('main a[href$="/fjern/"]').first.click()
    bob.at()
    bob.check()
