"""Files as other programs write them, through the import page: each is read as a person means it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from playwright.sync_api import Page

from tests.integration.browser.public.conftest import leads_with
from tests.integration.browser.test_import import start, upload
from tests.support.servers.processes import Program

HEADER = "first_name;last_name;email;phone;message\r\n"


@frozen
class File:
    """A file, and what becomes of it.

    Attributes:
        name: of the file.
        content: of the file.
        leads: some values of each new lead, by its address.
        rejected: how many rows are rejected.
    """

    name: str
    content: bytes
    leads: Mapping[str, Mapping[str, Any]]
    rejected: int = 0


FILES = (
    File(
        "separator.csv",
        ("\ufeffsep=;\r\n" + HEADER + "Ute;Bär;ute@sep.example;0170 5550041;\r\n").encode(),
        {"ute@sep.example": {"last_name": "Bär", "phone": "+491705550041"}},
    ),
    File(
        "leads.csv",
        "full_name\temail\tphone_number\r\nZoë Groß\tzoe@social.example\tp:+491705550042\r\n".encode(
            "utf-16"
        ),
        {"zoe@social.example": {"first_name": "Zoë", "last_name": "Groß", "phone": "+491705550042"}},
    ),
    File(
        "from-a-mac.csv",
        (HEADER + "Jörg;Weiß;joerg@mac.example;;Größe\r\n").replace("\r\n", "\r").encode("mac_roman"),
        {"joerg@mac.example": {"first_name": "Jörg", "last_name": "Weiß", "message": "Größe"}},
    ),
    File(
        "empty-rows.csv",
        (HEADER + "Pia;Leer;pia@leer.example;;\r\n" + ";;;;\r\n" * 30 + "\r\n").encode(),
        {"pia@leer.example": {"first_name": "Pia"}},
    ),
    File(
        "dates.csv",
        b"first_name,email,created\r\nA,a@date.example,11/3/2026 2:14 PM\r\nB,b@date.example,11/13/2026\r\n"
        b"C,c@date.example,2026-11-13 14:14:00\r\nD,d@date.example,13.11.2026 14:14\r\n",
        {
            "a@date.example": {"created_at": "2026-11-03T14:14:00.000000Z"},
            "b@date.example": {"created_at": "2026-11-13T00:00:00.000000Z"},
            "c@date.example": {"created_at": "2026-11-13T14:14:00.000000Z"},
            "d@date.example": {"created_at": "2026-11-13T14:14:00.000000Z"},
        },
    ),
    File(
        "numbers.csv",
        (
            HEADER + "A;Y;a@tel.example;k. A.;\r\n" + "B;Y;b@tel.example;0170 5550043, 030 5550044;\r\n"
            "C;Y;c@tel.example;'01705550045;\r\n" + 'D;Y;d@tel.example;"=""01705550046""";\r\n'
            "E;Y;e@tel.example;4,91706E+11;\r\n"
        ).encode(),
        {
            "a@tel.example": {"phone": None, "answers": {"phone": "k. A."}},
            "b@tel.example": {"phone": "+491705550043", "answers": {"phone": "030 5550044"}},
            "c@tel.example": {"phone": "+491705550045"},
            "d@tel.example": {"phone": "+491705550046"},
            "e@tel.example": {"phone": None, "answers": {"phone": "4,91706E+11"}},
        },
    ),
    File(
        "addresses.csv",
        (
            HEADER + "A;Z;mailto:a@mail.example;;\r\nB;Z;Bo Z <b@mail.example>;;\r\nC;Z;c@mail.example.;;\r\n"
            'D;Z;"d@mail.example; d@home.example";;\r\nE;Z;\u200be@mail.example\xa0;;\r\n'
        ).encode(),
        {f"{name}@mail.example": {} for name in "abce"},
        rejected=1,
    ),
    File(
        "pasted.csv",
        (
            HEADER + 'A;Q;a@tab.example;;"Item\tPrice\nRent\t7"\r\nB;Q;b@tab.example;;"One\x0bTwo"\r\n'
        ).encode(),
        {"a@tab.example": {"message": "Item\tPrice\nRent\t7"}, "b@tab.example": {"message": "One\nTwo"}},
    ),
    File(
        "contacts.csv",
        b"First Name,Last Name,Notes,Labels,E-mail 1 - Value,Phone 1 - Value\r\n"
        b'Eva,Wolf,"likes ""tea""\nsince 2020",* mine,e@one.example ::: e@two.example,+49 170 5550047\r\n',
        {"e@one.example": {"message": 'likes "tea"\nsince 2020', "phone": "+491705550047"}},
    ),
    File(
        "adressen.csv",
        (
            "\ufeffVorname;Nachname;E-Mail-Adresse;Mobiltelefon;Firma\r\n"
            "Ina;Käß;ina@de.example;0170 5550048;ACME\r\n"
        ).encode(),
        {"ina@de.example": {"phone": "+491705550048", "answers": {"Firma": "ACME"}}},
    ),
    File(
        "question.csv",
        b'first_name;email;"message (what, when, where, why)"\r\nKim;kim@q.example;now\r\n',
        {"kim@q.example": {"message": "now"}},
    ),
)


@pytest.fixture(scope="module")
def program(program: Program) -> Program:
    return program.with_settings(PHONE_REGION="DE", TIMEZONE="UTC")


def test_files_of_other_programs_lose_nothing(agent_tab: Page, site: str, tmp_path: Path) -> None:
    for file in FILES:
        path = tmp_path / file.name
        path.write_bytes(file.content)
        upload(agent_tab, path)
        start(agent_tab, created=len(file.leads), rejected=file.rejected)
        for email, kept in file.leads.items():
            [lead] = leads_with(agent_tab, site, email)
            assert lead.items() >= dict(kept).items(), file.name
