"""A slow phone on a slow line: `python -m benchmarks.slow_phone`.

Chromium at 390 px, its processor four times slower, over 3G as WebPageTest's "3G Slow" has it (400
ms for each request, 400 kbit a second both ways), and never here before. From following the link on
a slip to the first question as it is painted; median of some. The line stays that slow while the
answers are sent.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import asked

BEGIN = """
document.addEventListener("DOMContentLoaded", function look() {
  if (!document.body.classList.contains("stepping")) return requestAnimationFrame(look);
  document.getElementById("next").click();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (document.querySelector("[data-step=q1].here .option")) window.askedAt = performance.now();
  }));
});
"""
"""Presses the first button as soon as it is there, and notes when the question has been painted."""
LATENCY_MS, BYTES_A_SECOND = 400, 400_000 / 8
SLOWER = 4
VISITS = 5


def visits(port: int, codes: list[str]) -> dict[str, float]:
    """Milliseconds to the first question and from sending to thanks (medians), kB and requests."""
    program = os.environ.get("PULS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            every = [_visit(browser, port, code) for code in codes]
        finally:
            browser.close()
    shown = ", ".join(f"{each['question']:.0f}" for each in every)
    print(f"first question after {shown} ms")
    return {name: median(each[name] for each in every) for name in every[0]}


def _visit(browser: Browser, port: int, code: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 760}, locale="nb-NO")
    page = context.new_page()
    sizes = _slowly(page)
    address = f"http://127.0.0.1:{port}/svar/{asked.ADDRESS}#{code}"
    page.add_init_script(BEGIN)
    page.goto(address)
    question = page.wait_for_function("window.askedAt").json_value()
    kb, requests = sum(sizes) / 1000, len(sizes)
    page.locator("[data-step=q1].here .option").first.click()
    for _ in range(page.locator(".step").count() - 2):
        page.locator("#next").click()
    begun = page.evaluate("performance.now()")
    page.locator("#next").click()
    page.locator("#done:not([hidden])").wait_for()
    thanked = page.evaluate("performance.now()") - begun
    context.close()
    return {"question": question, "thanks": thanked, "kb": kb, "requests": requests + 1}


def _slowly(page: Page) -> list[float]:
    """Slows line and processor; gives a list that the size of each answer is added to."""
    sizes: list[float] = []
    line = page.context.new_cdp_session(page)
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )  # fmt: skip
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return sizes


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="puls-phone-") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        codes = asked.prepare(data, VISITS)
        with asked.served(data) as (port, _server):
            found = visits(port, codes)
    print(
        f"RESULT first_question_ms={found['question']:.0f} thanks_ms={found['thanks']:.0f}"
        f" kb={found['kb']:.1f} requests={found['requests']:.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
