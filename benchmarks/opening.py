"""A page opened for the first time in Chromium, over a line as slow as a telephone's."""

import os
import shutil
from statistics import median

from playwright.sync_api import Browser, sync_playwright

LATENCY_MS, BYTES_A_SECOND = 165, 9_000_000 / 8
ROUNDS = 5
LARGEST = """() => new Promise(done => new PerformanceObserver(
    list => done(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""


def cold(port: int, path: str, cookie: str) -> dict[str, float]:
    """The largest contentful paint (median of some), kB and requests with everything."""
    program = os.environ.get("PULS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        address = f"http://127.0.0.1:{port}{path}"
        every = [_once(browser, address, cookie) for _ in range(ROUNDS)]
        cells = _cells_without_script(browser, address, cookie)
        browser.close()
    shown = ", ".join(f"{each['lcp']:.0f}" for each in every)
    kb, requests = every[-1]["kb"], every[-1]["requests"]
    print(
        f"cold in Chromium: largest paint after {shown} ms, {kb:.1f} kB, {requests:.0f} requests;"
        f" {cells} cells with scripts switched off",
        flush=True,
    )
    return {"lcp": median(each["lcp"] for each in every), "kb": kb, "requests": requests}


def _cookies(address: str, cookie: str) -> list[dict[str, str]]:
    pairs = [each.split("=", 1) for each in cookie.split("; ")]
    return [{"name": name, "value": value, "url": address} for name, value in pairs]


def _once(browser: Browser, address: str, cookie: str) -> dict[str, float]:
    context = browser.new_context()
    context.add_cookies(_cookies(address, cookie))  # type: ignore[arg-type]
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND / 6,
        },
    )  # fmt: skip
    page.goto(address, wait_until="networkidle")
    largest: float = page.evaluate(LARGEST)
    context.close()
    return {"lcp": largest, "kb": sum(sizes) / 1000, "requests": len(sizes)}


def _cells_without_script(browser: Browser, address: str, cookie: str) -> int:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(_cookies(address, cookie))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    count = page.locator("main td").count()
    context.close()
    return count
