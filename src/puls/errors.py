"""The errors of Puls. Each one tells a person what was wrong, where, and what to do next."""


class PulsError(Exception):
    """A sentence for a person. Shown as it is, without a traceback."""


class SetupError(PulsError):
    """The machine, a port or a folder is not as Puls needs it."""


class NotAllowed(PulsError):
    """This person may not do this, whatever the state of things."""


class NotNow(PulsError):
    """This may be done, but not in the state things are in."""


class ContentError(PulsError):
    """A definition in a pack is wrong: which file, which key, what is allowed."""

    def __init__(self, file: str, key: str, problem: str, allowed: str = "") -> None:
        self.file, self.key, self.problem, self.allowed = file, key, problem, allowed
        ending = f" Allowed: {allowed}." if allowed else ""
        super().__init__(f"{file}, key '{key}': {problem}.{ending}")


class ImportFileError(PulsError):
    """A file from outside cannot be read: where in it, what was expected, what to do next.

    `where` is the place inside the file in the words of its kind: "row 12, column 'unit'",
    "cell 71 (region 4601, year 2024)", "byte 3041". What it quotes of the file is cut short.
    """

    LONGEST = 500

    def __init__(self, file: str, where: str, problem: str, expected: str, next_step: str) -> None:
        where, problem, expected = (
            text if len(text) <= self.LONGEST else f"{text[: self.LONGEST]} ..."
            for text in (where, problem, expected)
        )
        self.file, self.where, self.problem = file, where, problem
        self.expected, self.next_step = expected, next_step
        place = f"{file}, {where}" if where else file
        super().__init__(f"{place}: {problem}. Expected {expected}. {next_step}")
