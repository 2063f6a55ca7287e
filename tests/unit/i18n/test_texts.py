"""Translation of texts; the language in use is that of one thread or request."""

from threading import Thread

from leadtracker.i18n.texts import gettext, language_in_use, mark, ngettext, use_language, using_language


def test_texts_are_english_by_default() -> None:
    assert gettext("%(name)s and 100 %%", name="Ann") == "Ann and 100 %"
    assert [ngettext("%(num)d lead", "%(num)d leads", number) for number in (1, 2)] == ["1 lead", "2 leads"]
    assert mark("Save") == "Save"


def test_language_is_used_within_a_block_and_by_one_thread() -> None:
    seen = []
    with using_language("de"):
        thread = Thread(target=lambda: seen.append(language_in_use()))
        thread.start()
        thread.join()
        seen.append(language_in_use())
        use_language("fr")
    assert [*seen, language_in_use()] == ["en", "de", "en"]
