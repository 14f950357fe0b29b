"""What a release was judged by, as one checksum, and what its indicators measured."""

import hashlib
import json
from dataclasses import asdict

from puls.analysis.measured import measured
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.assess import looking_back


def checksum(pack: Pack) -> str:
    """SHA-256 over indicators with their criteria, surveys and thresholds; not over words."""
    judged_by = {
        "indicators": {key: asdict(each) for key, each in pack.indicators.items()},
        "surveys": {f"{key}.v{n}": asdict(each) for (key, n), each in pack.surveys.items()},
        "thresholds": asdict(pack.thresholds),
        "tiers": [asdict(tier) for tier in pack.country.tiers],
    }
    text = json.dumps(judged_by, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_ever(pack: Pack, using: str = "assess") -> dict[str, list[str]]:
    """What the pack's indicators measure. NotNow when one of them measured something else before.

    Under one name there would be answers to two questions, and lines would lead from one to the
    other.
    """
    now = measured(pack.indicators)
    other = looking_back.other_before(now, using)
    if other:
        raise NotNow(
            f"The indicator {other} measured something else in what is released. Give it a new key "
            f"in the pack {pack.key}: what is released stays under the old one."
        )
    return now
