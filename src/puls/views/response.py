"""How many have answered, while a round is open: never so exactly that it tells of single people.

Who answers is a person's own business too. So a small number is not said, and neither is that
only a few are missing: what is said moves in steps of `STEP`, from `k` up to `k` below all.
"""

STEP = 5


def response_step(asked: int, answered: int, k: int) -> int | None:
    """At least so many have answered; None where nothing may be said.

    asked: people with a code. answered: codes that were used. k: the smallest group that is seen.
    """
    most = min(answered, asked - k)
    if asked < 2 * k or answered < k or most < k:
        return None
    return most - most % STEP
