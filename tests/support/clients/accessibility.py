"""Accessibility of a page: the WCAG 2.2 AA rules of axe, and reading it on the narrowest phone."""

from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

NARROW = ViewportSize(width=320, height=740)
TABLET = ViewportSize(width=768, height=1024)
WIDE = ViewportSize(width=1280, height=900)
_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # to describe each element that passes takes longer than the rules
}
# Axe computes the contrast of each text, which takes four times as long as all other rules together. Texts
# have the same contrast where they and all elements around them have the same colours, sizes and positions:
# of these axe looks at the first. A text of one letter does not stand for others, because axe does not judge
# it, nor does the label of a disabled field.
_MARK = "data-first-of-its-colours"
_USE_MARKS = {"rules": [{"id": "color-contrast", "selector": f"[{_MARK}]"}]}
_FIND_VIOLATIONS = (
    "async ([part, options, mark]) => {"
    """
  const looks = [
    "color", "background-color", "background-image", "opacity", "filter", "mix-blend-mode", "text-shadow",
    "-webkit-text-fill-color", "-webkit-text-stroke-color", "-webkit-text-stroke-width", "font-size",
    "font-weight", "position", "clip", "clip-path",
  ];
  const numbers = new Map(), elements = new Map();
  const isDisabled = (one) => one?.matches(":disabled, [aria-disabled=true]");
  const numberOf = (one) => {  // the same for elements that look the same, and stand in such elements
    if (!one) return 0;
    if (!elements.has(one)) {
      const style = getComputedStyle(one);
      const look = [numberOf(one.parentElement), isDisabled(one), isDisabled(one.control)];
      const key = [...look, ...looks.map((name) => style.getPropertyValue(name))].join();
      if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
      elements.set(one, numbers.get(key));
    }
    return elements.get(one);
  };
  const firsts = new Map();
  for (const one of document.querySelectorAll("body, body *")) {
    const texts = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = texts.map((node) => node.data).join(" ").trim();
    if (!text && !one.matches("input, select, textarea")) continue;
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    const key = `${/[\\p{L}\\p{N}]{2}/u.test(text)} ${numberOf(one)}`;
    if (!firsts.has(key)) firsts.set(key, one);
  }
  for (const one of firsts.values()) one.setAttribute(mark, "");
  const found = await axe.run(part, options);
  for (const one of firsts.values()) one.removeAttribute(mark);
  // What passes is longer than the page; to receive it takes a fifth of the time.
  return {...found, passes: [], inapplicable: []};
}"""
)
_UNREADABLE_TEXTS = """() => {
  const screen = document.documentElement.clientWidth;
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const isCut = (box, element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      // A box that scrolls, and an ellipsis, show the user that there is more.
      if (["auto", "scroll"].includes(style.overflowX) || style.textOverflow === "ellipsis") return false;
    }
    return box.left < -1 || box.right > screen + 1;
  };
  const isForReadersOnly = (element) => {
    for (let one = element; one; one = one.parentElement) {
      if (getComputedStyle(one).clipPath !== "none") return true;
    }
    return false;
  };
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim();
    const element = texts.currentNode.parentElement;
    if (!text || element.closest(".skip, script, style") || isForReadersOnly(element)) continue;
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    if (Math.max(...boxes.map((box) => box.height)) < 13) found.push(`small: ${text}`);
    if (boxes.some((box) => isCut(box, element))) found.push(`cut off: ${text}`);
    if (text.length > 11 && text.length / boxes.length < 5) found.push(`in a column of letters: ${text}`);
  }
  // What is wider than its card or page hides its end, or the space around it. Times do not wrap.
  for (const control of document.querySelectorAll("input, select, textarea, button, a.button, time")) {
    const around = control.parentElement.closest(".card, main, body");
    if (!control.checkVisibility({visibilityProperty: true}) || isForReadersOnly(control)) continue;
    if (control.closest(".scroll, .skip")) continue;
    const end = around.getBoundingClientRect().right - parseFloat(getComputedStyle(around).paddingRight);
    const name = control.name || control.textContent.trim();
    if (control.getBoundingClientRect().right > end + 1) found.push(`outside of its card: ${name}`);
  }
  return found;
}"""


def check_accessible(tab: Page, part: str = "html") -> None:
    """Check the page in a tab, wide in the light scheme and narrow in the dark one.

    Colours do not depend on the size, nor the layout on the scheme, so the other two combinations would take
    as long again and find the same.

    Args:
        tab: shows the page.
        part: a CSS selector of the elements to check, for a page whose other elements have been checked.

    Raises:
        AssertionError: axe found a violation, or the page is wider than a phone's screen.
    """
    _check(tab, part, "light", WIDE)
    _check(tab, part, "dark", NARROW)
    tab.set_viewport_size(NARROW)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], f"{tab.url} is too wide"


def check_readable(tab: Page) -> None:
    """Check the texts and controls of the page in a tab.

    Raises:
        AssertionError: a text is cut off, tiny or squeezed into a column of letters, or a control is wider
            than its card, or the page than the screen: on a wide screen, a tablet or a phone.
    """
    for size in (WIDE, TABLET, NARROW):
        tab.set_viewport_size(size)
        unreadable = tab.evaluate(_UNREADABLE_TEXTS)
        assert unreadable == [], f"{tab.url} {size} {unreadable}"
        width = tab.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{tab.url} is {width} pixels wide, more than {size}"


def _check(tab: Page, part: str, scheme: Literal["light", "dark"], size: ViewportSize) -> None:
    # Without transitions, because axe would measure colours in the middle of a change.
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size(size)
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
        tab.evaluate("rules => axe.configure(rules)", _USE_MARKS)
    found = AxeResults(tab.evaluate(_FIND_VIOLATIONS, [part, _OPTIONS, _MARK]))
    assert found.violations_count == 0, f"{tab.url} {scheme} {size}: {found.generate_report()}"
