"""How many have answered, while a round is open: never so exactly that it tells of single people.

Who answers is a person's own business too. So a small number is not said, and neither is that
only a few are missing: what is said moves in steps of `STEP`, from `k` up to `k` below all.
"""

STEP = 5


def asked_and_answered(codes: int, used: int, people: int) -> tuple[int, int]:
    """How many are asked in a group and have answered, as far as that counts here.

    Of several slips for a person one is used: more slips than people ask nobody more. If more were
    used all the same, that is not told: what is told would say how few of them are left.
    """
    asked = min(codes, people)
    return asked, min(used, asked)


def response_step(asked: int, answered: int, k: int) -> int | None:
    """At least so many have answered; None where nothing may be said.

    asked: people with a code. answered: codes that were used. k: the smallest group that is seen.
    """
    most = min(answered, asked - k)
    if asked < 2 * k or answered < k or most < k:
        return None
    return most - most % STEP
