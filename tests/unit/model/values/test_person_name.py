"""Full names of many cultures are split, and no part of a name is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.inputs.person_name import first_name_in, split_name

NAMES = [
    # English
    ("Ada Lovelace", "Ada", "Lovelace"),
    ("Martin Luther King Jr.", "Martin Luther", "King Jr."),
    ("Lovelace, Ada", "Ada", "Lovelace"),
    ("Robert Downey, Jr.", "Robert", "Downey, Jr."),
    ("  Grace   Brewster Hopper ", "Grace Brewster", "Hopper"),
    ("Mary-Jane O'Neil", "Mary-Jane", "O'Neil"),
    # German
    ("Johann Wolfgang von Goethe", "Johann Wolfgang", "von Goethe"),
    ("Ursula von der Leyen", "Ursula", "von der Leyen"),
    ("Karl-Theodor zu Guttenberg", "Karl-Theodor", "zu Guttenberg"),
    ("Müller, Jürgen", "Jürgen", "Müller"),
    ("Anna von und zu Felden", "Anna", "von und zu Felden"),
    # Dutch
    ("Vincent van Gogh", "Vincent", "van Gogh"),
    ("Rafael van der Vaart", "Rafael", "van der Vaart"),
    ("Jan ter Horst", "Jan", "ter Horst"),
    ("van der Berg, Jan", "Jan", "van der Berg"),
    # French
    ("Charles de Gaulle", "Charles", "de Gaulle"),
    ("Jean de La Fontaine", "Jean", "de La Fontaine"),
    ("François Hollande", "François", "Hollande"),
    ("Jean-Paul Sartre", "Jean-Paul", "Sartre"),
    # Spanish and Portuguese
    ("Miguel de Cervantes", "Miguel", "de Cervantes"),
    ("María José de la Cruz", "María José", "de la Cruz"),
    ("José Ortega y Gasset", "José", "Ortega y Gasset"),
    ("Luiz Inácio Lula da Silva", "Luiz Inácio Lula", "da Silva"),
    ("João dos Santos", "João", "dos Santos"),
    # Italian
    ("Leonardo da Vinci", "Leonardo", "da Vinci"),
    ("Giovanni della Casa", "Giovanni", "della Casa"),
    ("Lorenzo de' Medici", "Lorenzo de'", "Medici"),
    # Arabic and Hebrew
    ("Mohammed bin Salman", "Mohammed", "bin Salman"),
    ("Omar al Sharif", "Omar", "al Sharif"),
    ("محمد بن سلمان", "محمد", "بن سلمان"),
    ("Naguib al-Mahfouz", "Naguib", "al-Mahfouz"),
    ("David Ben Gurion", "David", "Ben Gurion"),
    # Chinese, Japanese and Korean: the family name comes first
    ("王 小明", "小明", "王"),
    ("佐藤 美咲", "美咲", "佐藤"),
    ("김 민수", "민수", "김"),
    ("王小明", "王小明", None),
    # one name: Indonesian, Icelandic, Burmese
    ("Suharto", "Suharto", None),
    ("Björk", "Björk", None),
    # Indian, Vietnamese, Slavic
    ("A. P. J. Abdul Kalam", "A. P. J. Abdul", "Kalam"),
    ("Nguyễn Văn An", "Nguyễn Văn", "An"),
    ("Анна Каренина", "Анна", "Каренина"),
    ("Lech Wałęsa", "Lech", "Wałęsa"),
    ("Γιώργος Σεφέρης", "Γιώργος", "Σεφέρης"),
    # initials that are also conjunctions
    ("E", "E", None),
    ("y", "y", None),
    ("I Jr.", "I", "Jr."),
    ("E Smith", "E", "Smith"),
    # oddities
    ("van Damme", "van Damme", None),
    ("Doe,", "Doe,", None),
]


@pytest.mark.parametrize(("name", "first", "last"), NAMES)
def test_name_is_split(name: str, first: str, last: str | None) -> None:
    assert split_name(name) == (first, last)


@pytest.mark.parametrize(("name", "first", "last"), NAMES)
def test_no_part_of_a_name_is_lost(name: str, first: str, last: str | None) -> None:
    assert sorted(f"{first} {last or ''}".replace(",", "").split()) == sorted(name.replace(",", "").split())


@given(
    st.lists(
        st.sampled_from(["e", "y", "und", "zu", "van", "de", "Jr.", "ii", "A", "王", ","]),
        min_size=1,
        max_size=6,
    )
)
def test_names_of_any_words_keep_all_of_them(words: list[str]) -> None:
    first, last = split_name(" ".join(words))
    kept = f"{first} {last or ''}".replace(",", " ").split()
    assert sorted(kept) == sorted(word for word in words if word != ",")


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("Jane Roe", "Roe", "Jane"),
        ("Jane de la Roe", "De La Roe", "Jane"),
        ("Roe, Jane", "Roe", "Jane"),
        ("Jane Ann", "Roe", "Jane Ann"),
        ("Monroe", "Roe", "Monroe"),
        ("Roe", "Roe", "Roe"),
    ],
)
def test_first_name_is_the_name_without_the_last(name: str, last: str, first: str) -> None:
    assert first_name_in(name, last) == first
