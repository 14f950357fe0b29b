"""What a release was judged by, as one checksum: the same definitions give the same one."""

import hashlib
import json
from dataclasses import asdict

from puls.content.definitions import Pack


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
