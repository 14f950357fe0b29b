"""Everything that stands of one indicator: what was released of it, in its ledger."""

from collections.abc import Iterable, Sequence

from puls.analysis.exposure import quarter60
from puls.analysis.ledger import Ledger, reopened
from puls.analysis.measured import FORMER
from puls.analysis.membership import UNIT, Membership, Place, Scored
from puls.analysis.tallies import SIXTY
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator
from puls.errors import NotNow


class Standing:
    """One indicator's cells by what they are called, and what may be added to them.

    status: what became of every cell of the indicator's present version.
    sums: n and total60 of the shown ones, and of what older versions and other names showed of the
        same answers.
    public: those that everybody sees.

    period: the year that cells are added of. Others that no shown pool ties to it have no answer in
        common with it, and stay out until `widen` takes in the one before.

    Raises NotNow when a cell was released with other answers than are counted now, and when what
    was released is not safe at k.
    """

    def __init__(
        self,
        period: int,
        indicator: Indicator,
        members: Membership,
        scored: Scored,
        before: Sequence[ReleasedCell],
        k: int,
        public_k: int,
        order: Sequence[str],
    ) -> None:
        self.indicator, self.members, self.scored = indicator, members, scored
        self.sums: dict[Place, tuple[int, int]] = {}
        self.public: set[Place] = set()
        self._newest_first: dict[Place, list[Place]] = {}
        self._k, self._public_k = k, public_k
        placed = [(Place.of(cell), cell) for cell in before]
        self.status = {
            place: cell.status for place, cell in placed if cell.version == indicator.version
        }
        shown = [(place, cell) for place, cell in placed if cell.status is Status.SHOWN]
        kinds = {place.kind for place, _ in shown}
        self._order = list(dict.fromkeys([UNIT, *order, *sorted(kinds)]))
        # Units of a tier have no answer in common: so the ledger takes all of them in at once.
        self._shown = sorted(shown, key=lambda each: self._tier(each[0]))
        self._years: set[int] = set()
        self._open({period})

    def widen(self, year: int) -> None:
        """Take in another year, and all that shown pools tie to it."""
        if year not in self._years:
            self._open({year})

    def n(self, places: Sequence[Place]) -> list[int]:
        """How many answers each of the cells would count, released or not."""
        found: list[int] = self.members.sums(self.scored, places)[0].tolist()
        return found

    def newest(self, place: Place) -> Place:
        """The same cell with all answers that have arrived, called after the latest of them."""
        ids = self.members.ever(place)
        arrived = self.members.arrived[ids[self.scored.n[ids] > 0]]
        return place._replace(correction=int(arrived.max(initial=0)))

    def shows(self, place: Place, everybody: bool = False) -> Place | None:
        """The newest shown cell that counts what this one does, and perhaps later answers."""
        for found in self._newest_first.get(_first(place), ()):
            if found.correction >= place.correction and (not everybody or found in self.public):
                return found
        return None

    def admit(self, places: Sequence[Place]) -> None:
        """Release the cells that may be, in this order within their kind."""
        status = self._ledger.release(map(self.members.cell, places))
        n, total60 = self.members.sums(self.scored, places)
        for place, *sums in zip(places, n.tolist(), total60.tolist(), strict=True):
            self.status[place] = status[self.members.cell(place).name]
            if self.status[place] is Status.SHOWN:
                self._show(place, *sums)

    def publish(self, places: Iterable[Place]) -> None:
        """Let everybody see the shown cells among these that may be seen, in this order."""
        shown = [place for place in places if self.status[place] is Status.SHOWN]
        names = {self.members.cell(place).name: place for place in shown}
        status = self._ledger.publish(names)
        self.public |= {names[name] for name in names if status[name] is Status.SHOWN}

    def would_show(self, places: Sequence[Place]) -> list[bool]:
        """Whether each of the cells would be shown if it were asked for next."""
        cells = [self.members.cell(place) for place in places]
        status = self._ledger.status(cells)
        return [status[cell.name] is Status.SHOWN for cell in cells]

    def refuse(self, place: Place, n: int) -> None:
        """Decide a cell of n answers that the ledger, had it been asked, would not show."""
        self.status[place] = Status.LINKED if n >= self._k else Status.FEW

    def _open(self, years: set[int]) -> None:
        """Write the ledger with these years, and those tied to them, beside the ones before."""
        pools = {place.period for place, _ in self._shown if place.years > 1}
        new = _tied(years, pools) - self._years
        self._remember([(place, cell) for place, cell in self._shown if place.period in new])
        self._years |= new
        members, scale = self.members, [year.survey.scale for year in self.members.years.values()]
        self._ledger = reopened(
            Ledger(self._k, self._public_k, self._order, max(map(quarter60, scale))),
            {
                group: answers
                for group, answers in zip(members.groups, self.scored.answers(), strict=True)
                if group.period in self._years
            },
            map(members.cell, self.sums),
            [members.cell(place).name for place in self.sums if place in self.public],
        )

    def _tier(self, place: Place) -> tuple[int, str]:
        return self._order.index(place.kind), self.members.tree[place.unit].tier

    def _remember(self, shown: Sequence[tuple[Place, ReleasedCell]]) -> None:
        places = [place for place, _ in shown]
        strange = {place.period for place in places} - self.members.years.keys()
        assert not strange, f"{self.indicator.key}: the answers of {sorted(strange)} are not here"
        n, total60 = self.members.sums(self.scored, places)
        for (place, cell), *sums in zip(shown, n.tolist(), total60.tolist(), strict=True):
            if (cell.n, cell.value) == (sums[0], sums[1] / (SIXTY * max(sums[0], 1))):
                self._show(place, *sums)
                if cell.public:
                    self.public.add(place)
            elif cell.version in (self.indicator.version, FORMER):
                raise NotNow(
                    f"{cell.unit}, {cell.indicator}, {cell.period}: released with {cell.n} "
                    f"answers, now there are {sums[0]} or others. What is released stays as it "
                    "is: answers that came later are counted as late."
                )

    def _show(self, place: Place, n: int, total60: int) -> None:
        self.sums[place] = n, total60
        several = self._newest_first.setdefault(_first(place), [])
        several.append(place)
        if len(several) > 1:
            several.sort(key=lambda each: -each.correction)


def _first(place: Place) -> Place:
    """The same cell as it was first released."""
    return place._replace(correction=0) if place.correction else place


def _tied(years: set[int], pooled: set[int]) -> set[int]:
    """The years, and all that are tied to them by pools, of which the last years are given."""
    pools = [{last - 1, last} for last in pooled]
    found, before = set(years), set[int]()
    while found != before:
        before = set(found)
        found.update(*(pool for pool in pools if pool & before))
    return found
