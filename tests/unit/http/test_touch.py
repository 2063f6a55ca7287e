"""The touch of a visitor comes from the URL of the form and from the page before it."""

import pytest

from leadtracker.entrypoints.http.web.public.touch import touch_of_visitor, touch_on_page

OWN = "leads.firm.example"
FORM = f"https://{OWN}/?utm_source=google"


@pytest.mark.parametrize(
    ("args", "referrer", "touch"),
    [
        ({}, None, {}),
        ({}, f"https://{OWN}/thanks", {}),
        ({}, "https://[broken", {}),
        ({}, "javascript:alert(1)", {}),
        ({}, "https://blog.example/post?name=ann#top", {"referrer": "https://blog.example/post"}),
        (
            {"utm_source": " google\n ", "gclid": "abc", "q": "x"},
            None,
            {"utm_source": "google", "gclid": "abc"},
        ),
        ({"utm_term": "x" * 300, "utm_content": "\x00"}, None, {"utm_term": "x" * 200}),
        (
            {"referrer": "https://www.firm.example/", "landing_page": "https://www.firm.example/contact"},
            "https://www.firm.example/contact",
            {"referrer": "https://www.firm.example/", "landing_page": "https://www.firm.example/contact"},
        ),
    ],
)
def test_visitor_of_the_form(args: dict[str, str], referrer: str | None, touch: dict[str, str]) -> None:
    expected = {"landing_page": f"https://{OWN}/"} | touch
    assert touch_of_visitor(args, referrer, FORM, OWN) == expected


@pytest.mark.parametrize(
    ("args", "referrer", "touch"),
    [
        ({}, None, {}),
        ({}, f"https://{OWN}/form/embed", {}),
        (
            {},
            "https://www.firm.example/contact?name=ann",
            {"landing_page": "https://www.firm.example/contact"},
        ),
        (
            {"utm_source": "bing"},
            "https://www.firm.example/?utm_source=google&utm_medium=cpc&referrer=x&utm_term=",
            {"utm_source": "bing", "utm_medium": "cpc", "landing_page": "https://www.firm.example/"},
        ),
        ({}, "https://www.firm.example/?" + "a&" * 900, {"landing_page": "https://www.firm.example/"}),
        ({}, "https://www.firm.example/?" + "a=b&" * 400, {"landing_page": "https://www.firm.example/"}),
    ],
)
def test_form_on_a_page_of_another_site(
    args: dict[str, str], referrer: str | None, touch: dict[str, str]
) -> None:
    assert touch_on_page(args, referrer, OWN) == touch
