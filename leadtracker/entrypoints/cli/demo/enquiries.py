"""The texts that the invented people write to the invented office, and how the office notes them down."""

from types import MappingProxyType

from attrs import frozen


@frozen
class Enquiries:
    """The people who write in one language, and what they ask.

    Attributes:
        share: how many of 100 enquiries are in this language.
        phone: the start of their phone numbers, from ranges reserved for fiction.
    """

    share: int
    phone: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    messages: tuple[str, ...]


ENQUIRIES = (
    Enquiries(
        46,
        "+44 7700 900",
        ("Grace", "Alan", "Katherine", "Ken", "Mary", "Amara", "Tariq", "Joan", "Niamh", "Desmond"),
        (
            "Hopper",
            "Okafor",
            "Johnson",
            "Thompson",
            "Clarke",
            "Nguyen",
            "Rahman",
            "O’Brien",
            "Walsh",
            "Allen",
        ),
        (
            "I was dismissed last week and would like to know whether that was lawful.",
            "Two of us want to found a company. What do we need to think of?",
            "My landlord keeps the deposit, though the flat was handed over in good order.",
            "Our supplier stopped delivering and will not answer. What can we do?",
            "Please call me in the afternoon, it is about a contract.",
            "I received a letter from a debt collector for something I never bought.",
            "",
        ),
    ),
    Enquiries(
        28,
        "+49 30 23125",
        ("Jürgen", "Annette", "Björn", "Käthe", "Emre", "Zeynep", "Małgorzata", "Uwe", "Heike", "Sören"),
        (
            "Müller",
            "Groß",
            "Yılmaz",
            "Schäfer",
            "Kowalska",
            "von der Heide",
            "Weiß",
            "Öztürk",
            "Krüger",
            "Lange",
        ),
        (
            "Mein Arbeitgeber hat mir gekündigt, und die Frist läuft in zehn Tagen ab.",
            "Wir möchten unsere Wohnung verkaufen und brauchen Rat zum Kaufvertrag.",
            "Es geht um eine Erbschaft in Polen. Sprechen Sie auch Polnisch?",
            "Bitte rufen Sie mich nach 17 Uhr an.",
            "Die Nebenkostenabrechnung ist doppelt so hoch wie im Vorjahr.",
        ),
    ),
    Enquiries(
        15,
        "+33 6 39 98",
        ("Hélène", "François", "Aïcha", "Benoît", "Chloé", "Mamadou"),
        ("Lefèvre", "Dubois", "Benali", "Moreau", "Diallo", "Garnier"),
        (
            "Je souhaite contester mon licenciement. Quels sont vos honoraires ?",
            "Nous avons un litige avec notre propriétaire au sujet des travaux.",
            "J’ai besoin d’un avis sur un contrat de franchise avant vendredi.",
        ),
    ),
    Enquiries(
        11,
        "+34 600 55",
        ("Iñigo", "María José", "Lucía", "Andrés", "Ximena"),
        ("Núñez", "García Márquez", "Ibáñez", "Peña", "Ruiz"),
        (
            "¿Pueden ayudarme con una herencia? Mi padre vivía en Berlín.",
            "Quiero reclamar una factura que no me han pagado desde marzo.",
            "Necesito revisar un contrato de alquiler antes de firmar.",
        ),
    ),
)
SOURCES = (
    "website",
    "website",
    "website",
    "google / cpc",
    "google / cpc",
    "referral",
    "newsletter",
    "instagram",
)
CAMPAIGNS = {
    "google / cpc": {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "employment"},
    "newsletter": {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "november"},
}
"""The touch of the leads from a source."""


@frozen
class StaffTexts:
    """The texts that the users of the invented office write, in one language."""

    notes: tuple[str, ...]
    plans: tuple[str, ...]
    replies: tuple[str, ...]
    lost_reasons: tuple[str, ...]


_ENGLISH = StaffTexts(
    (
        "Called; wants to think about it until next week.",
        "Sent the engagement letter and the fee agreement.",
        "Asked for the contract and the last three letters.",
        "Spoke with the spouse; will call back after work.",
        "Conflict check done, nothing found.",
    ),
    (
        "Have the papers arrived?",
        "Ask about the signed fee agreement.",
        "Call after 17:00.",
        "Confirm the date.",
    ),
    (
        "Thank you for writing to us. We have an appointment free on Thursday at 10:00. Would that suit you?",
        "We have read your letter and can help. Please send us the contract as a PDF.",
        "We have tried to reach you by phone. When may we call?",
    ),
    ("too expensive", "too expensive", "no answer", "another firm", "not our field"),
)
_GERMAN = StaffTexts(
    (
        "Angerufen; möchte bis nächste Woche darüber nachdenken.",
        "Vollmacht und Vergütungsvereinbarung geschickt.",
        "Um den Vertrag und die letzten drei Schreiben gebeten.",
        "Mit der Ehefrau gesprochen; Rückruf nach Feierabend.",
        "Kollisionsprüfung erledigt, nichts gefunden.",
    ),
    (
        "Sind die Unterlagen da?",
        "Nach der unterschriebenen Vergütungsvereinbarung fragen.",
        "Nach 17 Uhr anrufen.",
        "Termin bestätigen.",
    ),
    (
        "Vielen Dank für Ihre Nachricht. Am Donnerstag um 10 Uhr haben wir einen Termin frei. Passt das?",
        "Wir haben Ihr Schreiben gelesen und können helfen. Bitte senden Sie uns den Vertrag als PDF.",
        "Wir haben versucht, Sie telefonisch zu erreichen. Wann dürfen wir anrufen?",
    ),
    ("zu teuer", "zu teuer", "keine Antwort", "andere Kanzlei", "nicht unser Gebiet"),
)
STAFF_TEXTS = MappingProxyType({"en": _ENGLISH, "de": _GERMAN})
"""The texts of users, by language of the dashboard."""

RESUME = (
    "{name}\n\n2019 to today: clerk, purchasing department\n2014 to 2019: apprenticeship and first years\n"
)
