"""PDF files, beside Chromium printing the same: `python -m benchmarks.documents`.

    cold      one report of eleven pages with ten charts that is ready in words and shapes (or, for
              Chromium, ready as HTML) -> a PDF file, in a new process, its start included. The
              median of some rounds; both take turns.
    batch     a report for each of Norway's 357 municipalities, each with numbers of its own: from
              released cells to files, in two worker processes, their start included. Chromium: some
              of the same reports, ready as HTML, in two warm browsers side by side, counted up.

Ours are tagged (PDF/UA-1), with bookmarks and alt texts, and Chromium's are tagged too. The last
line says the seconds, and how many times Chromium's ours take: the worse of cold and batch.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

WORKERS = 2


def main() -> int:
    parser = argparse.ArgumentParser(description="Times of PDF files, beside Chromium's.")
    parser.add_argument("--rounds", type=int, default=5, help="of cold starts; default 5")
    parser.add_argument("--printed", type=int, default=24, help="by Chromium; default 24")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puls-documents-") as folder:
        return _run(Path(folder), given.rounds, given.printed)


def _run(folder: Path, rounds: int, printed: int) -> int:
    from benchmarks import reports

    places = reports.municipalities()
    one, page = folder / "one.pickle", folder / "one.html"
    _prepare(one, page, *places[0])
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_cold(one, folder / "ours.pdf"))
        theirs.append(_chromium_cold(page, folder / "theirs.pdf"))
    cold_s, chromium_cold = median(ours), median(theirs)
    for name, file in (("Puls", "ours.pdf"), ("Chromium", "theirs.pdf")):
        print(
            f"{name}: {_pages(folder / file)} pages, {(folder / file).stat().st_size / 1e3:.0f} kB"
        )
    print(f"cold: Puls {cold_s:.3f} s {_spread(ours)}, Chromium {chromium_cold:.3f} s")
    made = folder / "made"
    made.mkdir()
    batch_s = _batch(places, made)
    different = {file.read_bytes() for file in made.iterdir()}
    assert len(different) == len(places), "every municipality has a report of its own"
    print(f"batch: Puls {batch_s:.1f} s for {len(places)}, {batch_s / len(places):.3f} s each")
    chromium_each = _chromium_batch(places[:printed]) / printed
    chromium_batch = chromium_each * len(places)
    print(f"batch: Chromium {chromium_batch:.1f} s, {chromium_each:.3f} s each, from {printed}")
    ratios = cold_s / chromium_cold, batch_s / chromium_batch
    print(f"over Chromium: cold {ratios[0]:.3f}, batch {ratios[1]:.3f}")
    print(
        f"RESULT cold_s={cold_s:.3f} batch_s={batch_s:.1f} over_chromium={max(ratios):.3f}",
        flush=True,
    )
    return 0


def _prepare(one: Path, page: Path, key: str, name: str) -> None:
    """The first report, ready for both."""
    from benchmarks import printing, reports

    selection = reports.report(key, name)
    one.write_bytes(pickle.dumps(selection))
    page.write_text(printing.html(selection))


COLD = (
    "import pickle,sys,pathlib; from puls.documents.pdf import pdf;"
    "pathlib.Path(sys.argv[2]).write_bytes(pdf(pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())))"
)


def _cold(one: Path, into: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", COLD, one, into], check=True)
    return time.perf_counter() - start


def _chromium_cold(page: Path, into: Path) -> float:
    from benchmarks import printing

    return printing.cold(page, into)


def _batch(places: list[tuple[str, str]], into: Path) -> float:
    """Seconds from nothing to all files."""
    start = time.perf_counter()
    # Spawned, as a server's jobs are: nothing is inherited ready made.
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        list(pool.map(_write, places, [into] * len(places), chunksize=8))
    return time.perf_counter() - start


def _write(place: tuple[str, str], into: Path) -> None:
    from benchmarks.reports import report
    from puls.documents.pdf import pdf

    key, name = place
    (into / f"{key}.pdf").write_bytes(pdf(report(key, name)))


def _chromium_batch(places: list[tuple[str, str]]) -> float:
    """Seconds of two warm browsers side by side for these reports."""
    from benchmarks import printing, reports

    pages = [printing.html(reports.report(*place)) for place in places]
    shares = [pages[n::WORKERS] for n in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        return max(pool.map(printing.batch, shares))


def _pages(file: Path) -> int:
    from pypdf import PdfReader

    return len(PdfReader(file).pages)


def _spread(seconds: list[float]) -> str:
    return f"({min(seconds):.3f} to {max(seconds):.3f})"


if __name__ == "__main__":
    sys.exit(main())
