"""The Content-Security-Policy in a real browser: no kind of page breaks it, and what it forbids is stopped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import CHROMIUM, painted
from test_rooms_browser import KINDS, PHONE

from forum_comments.pages.lines import IS_LINE_1

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

BOMB = "/comments?sql=with+recursive+c(x)+as+(select+1+union+all+select+x%2B1+from+c)+select+count(*)+from+c"
OTHER_PATHS = {
    "query that took too long": BOMB,
    "query at fault": "/comments?sql=select+nothing",
    "table filtered by a text": "/comments/comments?_search=model&_sort=karma",
    "documents": "/comments/documents",
    "view": "/comments/threads",
    "metadata": "/-/metadata",
    "columns with hostile names": '/comments?sql=select+1+as+"</style><script>alert(1)</script>",+2+as+"a\'b\\c{}"',
}
VIOLATIONS = """
    window.violations = [];
    window.violated = new Promise(done => {
        setTimeout(done, 30_000);
        document.addEventListener("securitypolicyviolation", seen => {
            window.violations.push(
                `${seen.effectiveDirective} ${seen.blockedURI} ${seen.sourceFile}:${seen.lineNumber} ${seen.sample}`
            );
            done();
        });
    });
"""


def watched(browser: Any, **options: object) -> Any:
    """Give a page that notes what its policy forbids, and dialogs, in `window.violations` and `page.dialogs`.

    The promise `window.violated` is kept at the first violation, or after half a minute without any. To ask the page
    again and again instead would be to evaluate a text inside the page, which the policy itself forbids.
    """
    page = browser.new_context(**options).new_page()
    page.add_init_script(VIOLATIONS)
    page.dialogs = []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    return page


@pytest.mark.parametrize("kind", [*KINDS, *OTHER_PATHS])
def test_a_page_does_nothing_that_its_policy_forbids_in_light_or_dark(
    server: str, browser: Any, paths: dict[str, str], kind: str
) -> None:
    page = watched(browser, color_scheme="light")
    problems: list[str] = []
    page.on(
        "console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else 0
    )
    path = (paths | OTHER_PATHS)[kind]
    page.goto(server + path, wait_until="load")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.emulate_media(color_scheme="dark")
    painted(page)
    found = page.evaluate("window.violations")
    assert (found, page.dialogs) == ([], [])
    assert len(problems) <= len(found)  # the console says it of the same
    page.context.close()


def test_the_editor_of_sql_works_under_the_policy(server: str, browser: Any) -> None:
    page = watched(browser)
    page.goto(server + "/comments?sql=select+1", wait_until="load")
    page.locator(".CodeMirror, .cm-content").first.click()
    page.keyboard.press("Control+A")
    # Not typed over: what replaces coloured text in an editable box Chromium itself tries to colour, by an attribute.
    page.keyboard.press("Delete")
    page.keyboard.type("select 6 * 7 as answer")
    page.keyboard.press("Escape")
    page.keyboard.down("Alt")
    page.keyboard.up("Alt")
    page.get_by_role("button", name="Format SQL").click()
    page.keyboard.press("Control+F")
    assert page.evaluate("window.violations") == []
    page.get_by_role("button", name="Run SQL").click()
    page.wait_for_url("**answer*")
    assert page.locator("td").inner_text() == "42"
    assert page.evaluate("window.violations") == []
    page.context.close()


def test_the_menu_of_a_column_works_under_the_policy(server: str, browser: Any) -> None:
    page = watched(browser)
    page.goto(server + "/comments/comments", wait_until="load")
    page.locator("th .dropdown-menu-icon").nth(1).click()
    page.get_by_role("link", name="Sort descending").locator("visible=true").click()
    page.wait_for_url("**_sort_desc=title*")
    assert page.evaluate("window.violations") == []
    page.context.close()


@pytest.mark.skipif(not IS_LINE_1, reason="Datasette 0.65 has no list of columns")
def test_the_list_of_columns_opens_under_the_policy(server: str, browser: Any) -> None:
    page = watched(browser, viewport=PHONE)
    page.goto(server + "/comments/comments", wait_until="load")
    page.get_by_role("button", name="Choose columns").click()
    page.get_by_label("title", exact=True).uncheck()
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url("**_col=*")
    assert page.evaluate("window.violations") == []
    page.context.close()


def test_the_search_over_all_tables_shows_what_it_finds_as_text(server: str, browser: Any) -> None:
    page = watched(browser)
    page.goto(server + "/-/search?q=model", wait_until="load")
    section = page.locator("section", has=page.get_by_role("link", name="comments: comments"))
    section.locator("table").wait_for()
    assert section.locator("tbody tr").count() == 5
    found = re.fullmatch(r"(\d+) found; the first 5:", section.locator("p").inner_text())
    assert found is not None
    assert int(found[1]) > 5
    assert "posted_at" not in section.locator("th").all_inner_texts()  # no comment of the seeds has a date
    section.locator("tbody a").first.click()
    page.wait_for_url("**/comments/comments/p-*")
    assert page.evaluate("window.violations") == []
    page.context.close()


@pytest.mark.parametrize(
    ("what", "directive"),
    [
        (
            "const s = document.createElement('script'); s.textContent = 'alert(1)'; document.body.append(s)",
            "script-src",
        ),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')", "script-src"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=color:red>x</p>')", "style-src"),
        ("const s = document.createElement('style'); s.textContent = 'p {}'; document.head.append(s)", "style-src"),
        ("new Image().src = 'http://127.0.0.2/x.png'", "img-src"),
        ("fetch('http://127.0.0.2/').catch(() => 0)", "connect-src"),
        ("document.body.insertAdjacentHTML('beforeend', '<iframe src=\"/\"></iframe>')", "frame-src"),
        ("document.body.insertAdjacentHTML('beforeend', '<object data=\"/\"></object>')", "object-src"),
        ("document.head.insertAdjacentHTML('beforeend', '<base href=\"http://127.0.0.2/\">')", "base-uri"),
    ],
)
def test_what_the_policy_forbids_does_not_happen(server: str, browser: Any, what: str, directive: str) -> None:
    page = watched(browser)
    page.goto(server + "/", wait_until="load")
    page.evaluate(what)
    page.evaluate("window.violated")
    painted(page)
    violations = page.evaluate("window.violations")
    assert [violation.split()[0].startswith(directive) for violation in violations] == [True]
    assert page.dialogs == []
    page.context.close()


def test_no_page_can_be_framed(server: str, browser: Any) -> None:
    page = watched(browser)
    page.set_content(f'<iframe src="{server}/"></iframe>', wait_until="load")
    assert [frame.url for frame in page.frames if frame is not page.main_frame] == ["chrome-error://chromewebdata/"]
    page.context.close()
