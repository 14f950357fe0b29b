"""Small surveys for the tests of the analysis."""

from collections.abc import Iterable

from puls.content.definitions import Construct, Item, Scale, Survey

FIVE = Scale(key="agree_5", low=1, high=5)


def survey(*constructs: str, scale: Scale = FIVE, pairs: Iterable[tuple[str, str]] = ()) -> Survey:
    """ "wellbeing: a b -c" is a construct with three items, of which c is reverse-worded."""
    made = tuple(_construct(line) for line in constructs)
    return Survey("student", 1, "students", scale, made, pairs=tuple(pairs))


def _construct(line: str) -> Construct:
    key, _, items = line.partition(":")
    return Construct(
        key.strip(), tuple(Item(item.lstrip("-"), item.startswith("-")) for item in items.split())
    )
