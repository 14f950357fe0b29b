"""Reading settings from the environment, so that a slip is one sentence and not a traceback."""

from urllib.parse import SplitResult, urlsplit

from puls.errors import SetupError


def address(
    name: str, value: str, example: str, schemes: tuple[str, ...], needs_host: bool = True
) -> SplitResult:
    """The parts of an address. SetupError where it is none, or not of one of these schemes."""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and parts.port != 0
        fits = fits and bool(parts.hostname or not needs_host)
    except ValueError:  # A port that is no number, a bracket that is not closed.
        fits = False
    if not fits:
        raise SetupError(f"{name} is not an address that Puls can use. Write it like {example}")
    return parts


def count(name: str, value: str) -> int:
    """A whole number from 0. SetupError for anything else."""
    if not (value.isascii() and value.isdigit()):
        raise SetupError(f"{name} is '{value}', but must be a whole number: 0, 1 or 2.")
    return int(value)


def origins(name: str, value: str) -> tuple[str, ...]:
    """Hosts that may be asked, with commas between: https, or this machine. SetupError else."""
    found = []
    for each in filter(None, (part.strip() for part in value.split(","))):
        parts = address(name, each, "https://data.ssb.no", ("https", "http"))
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise SetupError(f"{name} names {each}, which is not safe: it must begin with https.")
        found.append(f"{parts.scheme}://{parts.netloc}")
    return tuple(found)
