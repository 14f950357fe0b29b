"""Rules are written as small tables of text; this reads them."""


def table(text: str) -> list[dict[str, str]]:
    """The rows below the first one, by the names in the first; cells are apart by "|".

    A line of dashes and empty lines are left out.
    """
    lines = [line for line in text.splitlines() if line.strip(" -|")]
    names, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    for row in rows:
        assert len(row) == len(names), f"{row} does not have the cells {names}"
    return [dict(zip(names, row, strict=True)) for row in rows]
