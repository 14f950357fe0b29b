"""What people write comes out tame: whatever they write, and in a bounded time."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.web.media import texts
from puls.web.media.texts import plain, render

KEY = "12345678-1234-1234-1234-123456789abc"
OWN, FILE = f"/bilde/{KEY}", f"/fil/{KEY}"


def allowed(tag: str, attribute: str, value: str) -> bool:
    """Said once more, apart from the code: what may stand in a tag of a text."""
    if (tag, attribute) == ("a", "href"):
        return value.lower().startswith("https://") or value == FILE
    if (tag, attribute) == ("img", "src"):
        return value == OWN
    if (tag, attribute) == ("ol", "start"):
        return value.isdigit()
    fixed = {("a", "rel"): "noopener nofollow", ("img", "loading"): "lazy"}
    return (tag, attribute) == ("img", "alt") or fixed.get((tag, attribute)) == value


class Reader(HTMLParser):
    """Lists everything in a page that should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in texts.TAGS:
            self.wrong.append(tag)
        self.wrong += [f"{tag} {a}={v}" for a, v in attrs if not allowed(tag, a, v or "")]
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}")


def wrong_in(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.wrong + reader.open


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><style>*{}</style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61vascript&colon;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](http://example.no)",
    "[x](//example.no)",
    "[x](/konto/logg-ut/)",
    "[x](https:javascript)",
    "[x](<https://a.no\" onclick=\"alert(1)>)",
    "[x](https://a.no 'onclick=alert(1)')",
    "<javascript:alert(1)>",
    "![x](https://example.no/track.gif)",
    "![x](data:image/png;base64,AAAA)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    f"![x]({OWN}?a=1)",
    f"![x](//evil.no{OWN})",
    f"![x]({OWN}/../../konto)",
    f"![\" onerror=\"alert(1)]({OWN})",
    f"![<img src=x>]({OWN} '\" onload=x')",
    "![[x](javascript:alert(1))](javascript:alert(2))",
    "[![x](javascript:alert(1))](https://a.no)",
    "[r]\n\n[r]: javascript:alert(1)",
    "`<script>`\n\n    <script>\n\n```html\" onload=\"x\n<script>\n```",
    "|a|b|\n|:-|-:|\n|<b onclick=x>|[x](data:x)|",
    "&lt;script&gt; &#60;script&#62; &#x3C;script>",
    "# <h1 style='position:fixed'>",
    "<!-- --!><script>alert(1)</script -->",
    "<![CDATA[<script>]]>",
    "*<b>*</b>*",
    "\x00<scr\x00ipt>",
    "<a href=\"https://a.no\" target=_blank style=x>x</a>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    html = render(text)
    assert not wrong_in(html), html
    assert "<script" not in html
    # Twice written is twice read: nothing is put together by what stands around it.
    assert not wrong_in(render(f"> - {text}\n\n{text} **{text}**"))


PIECES = st.sampled_from([
    *HOSTILE, "[", "]", "(", ")", "!", "<", ">", "\"", "'", "`", "*", "_", "|", "\n", "\n\n", "- ",
    "# ", "1. ", "> ", "~~~", "https://a.no", OWN, FILE, "\\", "&", ";", "=", "---", " ", "\t",
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join))
def test_whatever_is_written_comes_out_tame(text: str) -> None:
    html = render(text)
    assert not wrong_in(html), html
    plain(text)


def test_caught_a_reader_that_lets_html_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard stands alone: also without the first nothing hostile is left."""
    monkeypatch.setitem(texts._reader.options, "html", True)
    monkeypatch.setattr(texts, "_is_good_link", lambda _: True)
    for text in HOSTILE:
        html = render(text)
        assert "<script" not in html
        # nh3 alone keeps schemes and the list; which https addresses are ours it asks us.
        assert not [each for each in wrong_in(html) if "href" not in each], html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("We *see* **that**.", "<p>We <em>see</em> <strong>that</strong>.</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("[x](https://a.no)", '<p><a href="https://a.no" rel="noopener nofollow">x</a></p>'),
        (f"[plan]({FILE})", f'<p><a href="{FILE}" rel="noopener nofollow">plan</a></p>'),
        (f"![A *choir*]({OWN})", f'<p><img src="{OWN}" alt="A choir" loading="lazy"></p>'),
        (f"![]({OWN})", f'<p><img src="{OWN}" alt="" loading="lazy"></p>'),
        ("![a choir](https://a.no/x.png)", "<p>a choir</p>"),
        ("[home](/)", "<p>home</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        (
            "|a|b|\n|-|:-:|\n|1|2|",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
    ],
)
def test_what_one_may_write(text: str, html: str) -> None:
    assert re.sub(r">\n+<", "><", render(text)).strip() == html


@pytest.mark.parametrize(
    ("levels", "top", "expected"),
    [
        ([1], 3, [3]),
        ([4], 3, [3]),
        ([1, 2, 3], 3, [3, 4, 5]),
        ([1, 3, 2, 1], 2, [2, 3, 3, 2]),  # a skipped level is closed up
        ([2, 1], 2, [2, 2]),  # nothing comes above the first
        ([1, 2, 3, 4, 5, 6], 4, [4, 5, 6, 6, 6, 6]),
    ],
)
def test_headings_fit_into_the_page(levels: list[int], top: int, expected: list[int]) -> None:
    html = render("\n\n".join(f"{'#' * level} x" for level in levels), top)
    assert [int(level) for level in re.findall(r"<h(\d)>", html)] == expected


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.integers(2, 4))
@settings(deadline=None)
def test_no_heading_skips_a_level(levels: list[int], top: int) -> None:
    html = render("\n\n".join(f"{'#' * level} x" for level in levels), top)
    found = [top - 1, *(int(level) for level in re.findall(r"<h(\d)>", html))]
    assert all(after <= before + 1 for before, after in pairwise(found))
    assert min(found[1:]) >= top


def test_the_words_alone() -> None:
    text = f"# We see\n\nThat *many* sing,\nand [more](https://a.no) play. ![A choir]({OWN})\n\n- a"
    assert plain(text) == "We see\n\nThat many sing, and more play. A choir\n\na"


def test_which_pictures_and_files_a_text_has() -> None:
    text = f"![x]({OWN}) [plan]({FILE}) ![y](https://a.no/{KEY})"
    assert {str(key) for key in texts.pictures_in(text)} == {KEY}
    assert {str(key) for key in texts.files_in(text)} == {KEY}


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a **a ", "> ", "- ", "`", "_a__ ", ">\n", "<", "|a|\n", "[a]: x\n", "\\"]
)
def test_a_text_of_nothing_but_marks_takes_a_bounded_time(piece: str) -> None:
    before = process_time()
    html = render(piece * 1_000_000)
    assert process_time() - before < 5
    assert len(html) < 10 * texts.LONGEST
    assert not wrong_in(html)


def test_a_wide_head_and_many_short_rows_make_no_boundless_table() -> None:
    """Caught: 10,000 letters that become 480,000 cells, and a page that takes four seconds."""
    bomb = "|".join("a" * 101) + "\n" + "|".join("-" * 101) + "\n" + "|\n" * 4_800
    assert texts.render(bomb).count("<td") <= texts.MOST_CELLS
    year = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 365
    assert texts.render(year + "\nWords\n" * 300).count("<td") == 730
