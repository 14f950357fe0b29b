"""A dialogue map as shapes: lines behind, boxes before them, numbers and notes on top."""

from collections.abc import Mapping, Sequence

from puls.views import numbers
from puls.views.charts import cards
from puls.views.charts.cards import WORD
from puls.views.charts.dialogue_layout import (
    WIDTH,
    Place,
    Run,
    places,
    runs,
)
from puls.views.charts.dialogue_parts import Column, OwnLine, Tie
from puls.views.charts.lettering import LINE, shortened, width, wrapped
from puls.views.charts.scene import (
    Dot,
    Extent,
    Group,
    Path,
    Pen,
    Scene,
    Shape,
    Text,
    block,
    fitted,
    line,
)
from puls.views.charts.spacing import overlap
from puls.views.charts.tones import Tone

UNSURE = (5.0, 5.0)
OWN_PEN = Pen(Tone.PRESS, 2.4, (9.0, 3.0, 2.0, 3.0))


def scene(
    columns: Sequence[Column],
    ties: Sequence[Tie],
    own: Sequence[OwnLine],
    chosen: str,
    told: tuple[str, str],
    words: Mapping[str, str],
    language: str,
) -> Scene:
    """own: as they are numbered. told: title and description."""
    boxes, bottom = places(columns)
    drawn = [number for number, each in enumerate(own) if each.b]
    pairs = [(tie.a, tie.b) for tie in ties] + [(own[n].a, own[n].b) for n in drawn]
    found = runs(pairs, boxes)
    tied = found[: len(ties)]
    thought = dict(zip(drawn, found[len(ties) :], strict=True))
    shapes = _heads(columns, boxes)
    # The weakest lie behind; what is uncertain behind all.
    order = sorted(range(len(ties)), key=lambda n: (ties[n].sure, abs(ties[n].strength), n))
    shapes += [_line(ties[n], tied[n], bool(chosen)) for n in order]
    shapes += [Path(run.steps, pen=OWN_PEN) for run in thought.values()]
    shapes += [_box(place, words, language) for place in boxes.values()]
    numbered = {own[n].number or n + 1: run for n, run in thought.items()}
    shapes += _on_lines(ties, tied, numbered, bool(chosen), language)
    shapes += _on_cards(own, boxes)
    y = bottom + 26
    for place, each in enumerate(own, start=1):
        shapes += _numbered(9, y - 4, each.number or place)
        lines = wrapped(_note(each, boxes, words), WIDTH - 26, WORD)
        shapes += block(24, y, lines, WORD, kind="note")
        y += len(lines) * WORD * LINE + 8
    shapes += _key(ties, own, y, words)
    return fitted(WIDTH, told, shapes)


def _heads(columns: Sequence[Column], boxes: Mapping[str, Place]) -> list[Shape]:
    """The names of the columns over a rule, as the colour table has them."""
    found: list[Shape] = []
    for column in columns:
        first = boxes[column.nodes[0].key]
        found.append(Text(first.x + 2, 17, column.name, 14.5, bold=True, kind="head"))
        rule = (first.x, 26.0), (first.x + first.width, 26.0)
        found.append(line(*rule, pen=Pen(Tone.INK, 1.8)))
    return found


def _line(tie: Tie, run: Run, chosen: bool) -> Path:
    """Thicker the stronger; dashed and thin where the figures do not settle it."""
    if not tie.sure:
        return Path(run.steps, pen=Pen(Tone.LINE_STRONG, 1.5, UNSURE))
    tone = Tone.INK_SOFT if chosen else Tone.LINE_STRONG
    return Path(run.steps, pen=Pen(tone, round(1 + 9 * abs(tie.strength) ** 1.5, 1)))


def _box(place: Place, words: Mapping[str, str], language: str) -> Group:
    node = place.node
    at = place.card, place.x, place.y, words, language
    return cards.drawn(*at, href=node.href, chosen=node.chosen)


def _on_lines(
    ties: Sequence[Tie],
    tied: Sequence[Run],
    thought: Mapping[int, Run],
    chosen: bool,
    language: str,
) -> list[Shape]:
    """Strengths on the lines of a chosen indicator, and the numbers of the team's own lines."""
    found: list[Shape] = []
    taken: list[Extent] = []
    for number, run in thought.items():
        spot = next(
            (s for s in run.spots[::-1] if not any(overlap(_around(s), t) for t in taken)),
            run.spots[0],
        )
        taken.append(_around(spot))
        found += _numbered(*spot, number)
    for tie, run in zip(ties, tied, strict=True):
        if not tie.sure or not (chosen or tie.strength < 0):
            continue
        text = numbers.number(tie.strength, 2, language)
        for x, y in run.spots:
            label = Text(x, y + 4, text, 12, anchor="middle", bold=True, halo=True, kind="strength")
            if not any(overlap(label.extent, other, 1) for other in taken):
                found.append(label)
                taken.append(label.extent)
                break
    return found


def _on_cards(own: Sequence[OwnLine], boxes: Mapping[str, Place]) -> list[Shape]:
    """The numbers of notes on one indicator, on the upper rim of its card."""
    found: list[Shape] = []
    beside: dict[str, int] = {}
    for place, each in enumerate(own, start=1):
        if not each.b:
            box = boxes[each.a]
            x = box.x + box.width - 14 - 20 * beside.get(each.a, 0)
            beside[each.a] = beside.get(each.a, 0) + 1
            found += _numbered(max(x, box.x + 14), box.y, each.number or place)
    return found


def _note(own: OwnLine, boxes: Mapping[str, Place], words: Mapping[str, str]) -> str:
    names = [boxes[key].node.name for key in (own.a, own.b) if key]
    if not own.b:
        return words["map.thought_of"].format(a=names[0], note=own.note)
    return words["map.thought"].format(a=names[0], b=names[1], note=own.note).strip()


def _around(spot: tuple[float, float]) -> Extent:
    return spot[0] - 10, spot[1] - 10, spot[0] + 10, spot[1] + 10


def _numbered(x: float, y: float, number: int) -> tuple[Shape, ...]:
    text = Text(x, y + 4, str(number), 10.5, Tone.PRESS, "middle", bold=True, kind="number")
    return Dot(x, y, 8, Tone.GROUND, Pen(Tone.PRESS, 1.4)), text


def _key(
    ties: Sequence[Tie], own: Sequence[OwnLine], y: float, words: Mapping[str, str]
) -> list[Shape]:
    """What the lines mean, beneath: only of those that are there."""
    samples = []
    if any(tie.sure for tie in ties):
        samples.append((Pen(Tone.LINE_STRONG, 4), words["map.sure"]))
    if any(not tie.sure for tie in ties):
        samples.append((Pen(Tone.LINE_STRONG, 1.5, UNSURE), words["map.unsure"]))
    if any(each.b for each in own):
        samples.append((OWN_PEN, words["map.own"]))
    x, found = 0.0, list[Shape]()
    for pen, text in samples:
        if x and x + 40 + width(text, WORD) > WIDTH:
            x, y = 0.0, y + WORD * LINE + 6
        found.append(line((x, y - 4), (x + 30, y - 4), pen=pen))
        text = shortened(text, WIDTH - 40, WORD)
        found.append(Text(x + 38, y, text, WORD, Tone.INK_SOFT, kind="key"))
        x += 38 + width(text, WORD) + 26
    return found
