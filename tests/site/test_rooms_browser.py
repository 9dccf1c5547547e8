"""The site in a real browser: what a reader does, with and without JavaScript, and what axe-core finds on each page.

Skipped, with a word on what is missing, where there is no Chromium or its driver is not installed.
"""

from __future__ import annotations

from typing import Any

import pytest
from conftest import CHROMIUM, opened

from forum_comments.pages.lines import IS_LINE_1

axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SERIOUS = {"serious", "critical"}


READING = ["home", "comment", "thread", "author", "source", "search", "search help", "statistics", "about", "missing"]
STOCK = ["stock database", "stock table", "stock row", "stock query", "stock SQL", "stock search"]
STOCK += ["stock queries"] if IS_LINE_1 else []
KINDS = READING + STOCK


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious(
    server: str, browser: Any, paths: dict[str, str], kind: str, size: dict[str, int], scheme: str
) -> None:
    page = opened(browser, server + paths[kind], viewport=size, color_scheme=scheme)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    # What passes is not listed, node by node: that takes axe longer than finding it out.
    found = axe_api.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = {
        finding["id"]: [node["html"] + " " + node["failureSummary"] for node in finding["nodes"]]
        for finding in found
        if finding["impact"] in SERIOUS
    }
    page.context.close()
    assert serious == {}


@pytest.mark.parametrize("kind", READING)
def test_a_phone_shows_a_page_without_scrolling_sideways(
    server: str, browser: Any, paths: dict[str, str], kind: str
) -> None:
    page = opened(browser, server + paths[kind], viewport=PHONE)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.context.close()
    assert too_wide == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("kind", ["comment", "thread", "author", "source", "search"])
def test_names_and_titles_of_one_long_word_do_not_widen_a_page(
    server: str, browser: Any, paths: dict[str, str], kind: str, size: dict[str, int]
) -> None:
    page = opened(browser, server + paths[kind], viewport=size)
    links = page.locator("main a:not(nav a)")
    assert links.count() > 0
    links.evaluate_all("links => links.forEach(link => { link.textContent = 'W'.repeat(200) })")
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.context.close()
    assert too_wide == 0


def test_a_paragraph_that_begins_from_right_to_left_is_set_so(server: str, browser: Any, paths: dict[str, str]) -> None:
    page = opened(browser, server + paths["comment"], viewport=PHONE)
    paragraph = page.locator(".prose p.passage").first
    edges = """paragraph => {
        paragraph.textContent = 'זה (two words) טקסט';
        const first = document.createRange();
        first.setStart(paragraph.firstChild, 0);
        first.setEnd(paragraph.firstChild, 2);
        return paragraph.getBoundingClientRect().right - first.getBoundingClientRect().right;
    }"""
    gap = paragraph.evaluate(edges)
    page.context.close()
    assert gap == pytest.approx(0, abs=1)


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("/comments/search?q=model", "excerpt"),
        ("/comments/thread", "beginning"),
        ("/comments/corrections/1", "reason"),
        ("/comments/documents/62bb6ecd7b88", "division"),
    ],
)
def test_a_long_text_has_a_wide_column_on_a_desk_and_the_whole_width_of_a_phone(
    server: str, browser: Any, path: str, column: str
) -> None:
    widths = []
    for size in (DESK, PHONE):
        page = opened(browser, server + path, viewport=size)
        widths.append(page.locator(f"td.col-{column}").first.evaluate("cell => cell.getBoundingClientRect().width"))
        page.context.close()
    desk, phone = widths
    assert desk >= 340
    assert 250 <= phone <= PHONE["width"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_title_of_a_wide_table_is_read_without_scrolling_it(
    server: str, browser: Any, size: dict[str, int]
) -> None:
    page = opened(browser, server + "/-/about", viewport=size)
    hidden = page.locator(".scroll:has(caption)").evaluate_all(
        """boxes => boxes.map((box) => {
            const words = document.createRange();
            words.selectNodeContents(box.querySelector("caption"));
            return words.getBoundingClientRect().right - box.getBoundingClientRect().right;
        }).filter((beyond) => beyond > 0)"""
    )
    page.context.close()
    assert hidden == []


@pytest.mark.skipif(not IS_LINE_1, reason="Datasette 0.65 lists its queries without descriptions")
def test_a_phone_shows_what_each_query_is_for_without_scrolling_sideways(server: str, browser: Any) -> None:
    page = opened(browser, server + "/comments/-/queries", viewport=PHONE)
    too_wide = page.locator(".table-wrapper").evaluate("box => box.scrollWidth - box.clientWidth")
    width = page.locator(".query-list-description").first.evaluate("text => text.getBoundingClientRect().width")
    page.context.close()
    assert too_wide == 0
    assert width >= 250


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_searches_opens_a_comment_its_source_its_author_and_comes_back(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.locator("main").get_by_role("searchbox").fill("adversarially attack")
    page.locator("main").get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/-/find?*")
    results = page.url
    assert page.locator("mark").first.inner_text().startswith("adversarial")
    page.locator("main [data-comment] a").first.click()
    page.wait_for_url("**/comments/comments/*")
    words = page.locator(".prose").inner_text()
    assert "adversarially attack" in words
    page.get_by_role("link", name="See it on the saved page").click()
    page.wait_for_url("**/-/source/*")
    target = page.locator(":target")
    assert words[:30] in target.locator(".as-saved").inner_text()
    target.locator(".rail a").nth(1).click()
    page.wait_for_url("**/comments/comments/*")
    page.locator(".byline a").click()
    page.wait_for_url("**/-/author/*")
    assert page.get_by_role("heading", name="Comments", exact=True).is_visible()
    for _ in range(4):
        page.go_back()
    assert page.url == results
    page.context.close()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_goes_from_the_home_page_to_a_thread_and_lands_on_a_comment_of_it(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.get_by_role("region", name="Most discussed").get_by_role("link").first.click()
    page.wait_for_url("**/-/thread/*")
    comment = page.locator("article").nth(1)
    words = comment.locator(".prose").inner_text()
    comment.get_by_role("link", name="Page of the comment").click()
    page.wait_for_url("**/comments/comments/*")
    assert page.locator(".prose").inner_text().startswith(words[:80])
    page.get_by_role("link", name="Read in its thread").click()
    page.wait_for_url("**/-/thread/*")
    here = page.locator(":target")
    assert here.get_attribute("aria-current") == "true"
    assert here.locator(".prose").inner_text().startswith(words[:80])
    page.context.close()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_searches_opens_a_comment_its_thread_and_comes_back(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.get_by_role("main").get_by_role("searchbox").fill("models is:reply")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/find?*")
    assert page.get_by_role("heading", level=1).inner_text() == "Search: models is:reply"
    assert page.locator("mark").first.inner_text().lower().startswith("model")
    title = page.locator(".results h2").first.inner_text()
    page.locator(".results h2 a").first.click()
    page.wait_for_url("**/comments/comments/*")
    assert page.locator(".prose").inner_text().startswith(title.rstrip("…")[:20])
    page.go_back()
    page.get_by_role("link", name=f"Thread of: {title}").click()
    page.wait_for_url("**/-/thread/*")
    assert page.locator("[aria-current=true]").count() == 1
    page.go_back()
    assert page.get_by_role("main").get_by_role("searchbox").input_value() == "models is:reply"
    page.context.close()


def test_the_first_tab_offers_to_skip_the_menu(server: str, browser: Any) -> None:
    page = opened(browser, server + "/-/author/erik-jenner")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_nothing_of_another_host_and_reports_no_error(
    server: str, browser: Any, paths: dict[str, str], kind: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server + paths[kind], wait_until="load")
    page.close()
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    assert errors == []


def test_a_click_beside_an_open_fold_leaves_it_open(server: str, browser: Any, paths: dict[str, str]) -> None:
    page = opened(browser, server + paths["comment"])
    page.get_by_text("BibTeX").click()
    page.get_by_role("heading", level=1).click(position={"x": 300, "y": 5}, force=True)
    assert page.locator("details[open]").count() == 1
    page.context.close()
