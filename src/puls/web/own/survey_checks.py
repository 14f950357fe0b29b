"""What is refused of a survey as it is typed, and what it lacks before it can be asked."""

from django.utils.translation import gettext as _

from puls.content.builders import AUDIENCES
from puls.content.definitions import Pack, Role
from puls.content.order import areas
from puls.content.own import OwnDefinition, read_survey, scales
from puls.errors import ContentError
from puls.web.own.lacking import Lack
from puls.web.own.surveys import LONGEST, Sheet, Words, of_row


def refused(sheet: Sheet, pack: Pack) -> dict[str, str]:
    """What cannot even be kept, by field: too long, or with braces."""
    found = {}

    def look(start: str, said: Words, longest: int) -> None:
        for language, text in said.items():
            if "{" in text or "}" in text:
                told = _("Write it without { and }: Puls uses them itself.")
            elif "\0" in text:
                told = _("This cannot be stored. Write it anew.")
            elif len(text) > longest:
                told = _("Write at most %(most)s letters.") % {"most": longest}
            else:
                continue
            found[f"{start}_{language}"] = told

    look("name", sheet.name, LONGEST["name"])
    look("intro", sheet.intro, LONGEST["intro"])
    for at, each in enumerate(sheet.constructs):
        look(f"c{at}_name", each.name, LONGEST["construct"])
        choices = (("area", {"", *areas(pack)}), ("role", {"", *Role}))
        for name, allowed in (*choices, ("criteria", {"", *fitting(pack, sheet.scale)})):
            if getattr(each, name) not in allowed:
                found[f"c{at}_{name}"] = _("Choose one of the list.")
        for number, item in enumerate(each.items):
            look(f"c{at}_i{number}", item.words, LONGEST["item"])
    if sheet.audience not in AUDIENCES:
        found["audience"] = _("Choose one of the list.")
    if sheet.scale not in scales(pack):
        found["scale"] = _("Choose one of the list.")
    return found


def fitting(pack: Pack, scale: str) -> list[str]:
    """Keys of the pack's criteria that can judge means on a scale."""
    known = scales(pack).get(scale)
    if known is None:
        return []
    unit = f"mean_{known.low}_{known.high}"
    newest = {each.key: each for each in pack.criteria.values() if each.unit == unit}
    return [
        key
        for key, each in newest.items()
        if all(known.low < cut < known.high for cut in each.cuts)
    ]


def lacks(pack: Pack, own: OwnDefinition) -> list[Lack]:
    """What keeps a survey from being used, in the order of its form; last what the pack says."""
    first = pack.languages[0]
    sheet = of_row(own.body, own.words)
    found = []
    if not sheet.name.get(first):
        found.append(Lack(f"name_{first}", _("Write what the survey is called.")))
    if not sheet.intro.get(first):
        found.append(Lack(f"intro_{first}", _("Write a few words to those who are asked.")))
    if not sheet.constructs:
        found.append(Lack("add", _("Add something to ask about.")))
    for at, each in enumerate(sheet.constructs):
        told = {"n": at + 1}
        if not each.name.get(first):
            found.append(Lack(f"c{at}_name_{first}", _("Write what part %(n)s is about.") % told))
        if each.area not in areas(pack):
            found.append(Lack(f"c{at}_area", _("Choose the quality area of part %(n)s.") % told))
        if each.role not in list(Role):
            sentence = _("Say whether part %(n)s is a prerequisite, a process or a result.") % told
            found.append(Lack(f"c{at}_role", sentence))
        if not each.items:
            sentence = _("Write a statement in part %(n)s.") % told
            found.append(Lack(f"c{at}_i0_{first}", sentence))
        for number, item in enumerate(each.items):
            if not item.words.get(first):
                sentence = _("Write statement %(item)s of part %(n)s in the first language.")
                told_item = {**told, "item": number + 1}
                found.append(Lack(f"c{at}_i{number}_{first}", sentence % told_item))
    if not found:
        try:
            read_survey(pack, own)
        except ContentError as problem:
            found.append(Lack(f"name_{first}", str(problem)))
    return found
