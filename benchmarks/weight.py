"""What a page of a running demo weighs in Chromium: `python -m benchmarks.weight --port 8000`.

The owner of the demo logs in, then a colour table is opened for the first time, again and again, on
the slow line of `benchmarks.opening`. Without load and without a data folder of its own.
"""

import argparse
import os
import shutil
import time
from urllib.request import Request, urlopen

from playwright.sync_api import sync_playwright

from benchmarks import opening

PASSWORD = "puls-demo-2026"
"""Of every log-in of the demo; README has it."""
WARM = 10


def main() -> int:
    parser = argparse.ArgumentParser(description="The weight of a page of a running demo.")
    parser.add_argument("--port", type=int, default=8000, help="of the demo; default 8000")
    parser.add_argument("--person", default="owner@demo.puls", help="who logs in")
    parser.add_argument("--path", default="/hvor-er-vi/no-1149/2025-26/?vis=alle")
    given = parser.parse_args()
    cookie = _logged_in(f"http://127.0.0.1:{given.port}", given.person)
    _warm(given.port, given.path, cookie)
    found = opening.cold(given.port, given.path, cookie)
    print(f"loads of the machine: {os.getloadavg()}")
    print(
        f"RESULT page_kb={found['kb']:.1f} requests={found['requests']:.0f}"
        f" lcp_ms={found['lcp']:.0f}"
    )
    return 0


def _logged_in(site: str, person: str) -> str:
    """The cookies of somebody who has logged in, as a header has them."""
    program = os.environ.get("PULS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{site}/konto/logg-inn/")
        page.locator("input[name=login]").fill(person)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main .ds-button").first.click()
        page.wait_for_url(f"{site}/", timeout=60_000)
        cookies = page.context.cookies()
        browser.close()
    # Not the one that lives for three seconds and says that something was just written.
    lasting = [each for each in cookies if each.get("name") in ("sessionid", "csrftoken")]
    return "; ".join(f"{each.get('name')}={each.get('value')}" for each in lasting)


def _warm(port: int, path: str, cookie: str) -> None:
    """Both workers have composed the page: what is measured comes from memory."""
    time.sleep(4)
    for _ in range(WARM):
        asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
        with urlopen(asked) as answer:
            answer.read()


if __name__ == "__main__":
    raise SystemExit(main())
