"""``user`` and ``api-key``: access, and secrets that are never shown."""

import json
import re
from datetime import datetime, timedelta

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client, api_key, basic, bearer
from tests.support.raw_database import RawDatabase

PHRASE = "correct horse battery"


def test_password_is_read_from_standard_input(leadtracker: CommandLine, client: Client) -> None:
    added = leadtracker.run("user", "add", "ann", "--role", "viewer", "--password-stdin", stdin=f"{PHRASE}\n")
    assert (added.status, added.out) == (0, "Added user ann (viewer).\n")
    assert PHRASE not in added.out + added.err
    assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200


@on_sqlite
class TestUsers:
    def add(self, leadtracker: CommandLine, name: str = "ann", *more: str) -> None:
        arguments = ("user", "add", name, "--role", "agent", "--password-stdin", *more)
        assert leadtracker.run(*arguments, stdin=PHRASE).status == 0

    def test_password_prompt_is_hidden_and_repeated(self, leadtracker: CommandLine, client: Client) -> None:
        added = leadtracker.run("user", "add", "ann", "--role", "agent", stdin=f"{PHRASE}\n{PHRASE}\n")
        assert added.status == 0
        assert PHRASE not in added.out + added.err
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200

    def test_mismatched_passwords_are_asked_again(
        self, leadtracker: CommandLine, raw_db: RawDatabase
    ) -> None:
        added = leadtracker.run("user", "add", "ann", "--role", "agent", stdin="one\ntwo\n")
        assert added.status == 1
        assert raw_db.count("users") == 0

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", ""])
    def test_one_line_of_standard_input_is_read(
        self, leadtracker: CommandLine, client: Client, line_end: str
    ) -> None:
        stdin = f" a pass phrase {line_end}"
        leadtracker.run("user", "add", "ann", "--role", "agent", "--password-stdin", stdin=stdin)
        assert client.with_headers(basic("ann", " a pass phrase ")).get("/leads").status == 200

    @pytest.mark.parametrize("stdin", ["", "\n", "short", "password1234", "x" * 1_001])
    def test_an_impossible_password_is_rejected(
        self, leadtracker: CommandLine, raw_db: RawDatabase, stdin: str
    ) -> None:
        rejected = leadtracker.run("user", "add", "ann", "--role", "agent", "--password-stdin", stdin=stdin)
        assert rejected.status == 2
        assert rejected.err.startswith("Error: “password” ")
        assert raw_db.count("users") == 0

    @pytest.mark.parametrize(
        ("name", "more", "expected_error"),
        [
            ("a:b", (), "“name” "),
            (" ", (), "“name” "),
            ("x" * 101, (), "“name” "),
            ("ann", ("--email", "nowhere"), "“email” "),
        ],
    )
    def test_a_bad_name_or_address_is_rejected(
        self, leadtracker: CommandLine, name: str, more: tuple[str, ...], expected_error: str
    ) -> None:
        arguments = ("user", "add", name, "--role", "agent", "--password-stdin", *more)
        rejected = leadtracker.run(*arguments, stdin=PHRASE)
        assert rejected.status == 2
        assert rejected.err.startswith(f"Error: {expected_error}")

    def test_user_name_is_unique(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker)
        again = leadtracker.run("user", "add", "ann", "--role", "admin", "--password-stdin", stdin=PHRASE)
        assert (again.status, again.err) == (1, "Error: the name ann is taken\n")

    def test_users_are_listed(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker, "bob", "--email", "bob@example.com", "--assignable")
        self.add(leadtracker, "ann")
        leadtracker.run("user", "disable", "ann")
        assert leadtracker.run("user", "list").out.splitlines() == [
            "NAME  ROLE   E-MAIL           ASSIGNABLE  STATE",
            "ann   agent  -                no          disabled",
            "bob   agent  bob@example.com  yes         active",
        ]
        ann, bob = leadtracker.run("user", "list", "--json").json
        assert ann.keys() == {
            *("name", "role", "email", "assignable", "must_change_password", "second_factor_at"),
            *("created_at", "disabled_at", "invited", "identities"),
        }
        assert (ann["disabled_at"] is None, bob["disabled_at"]) == (False, None)

    def test_disabled_user_cannot_sign_in(self, leadtracker: CommandLine, client: Client) -> None:
        self.add(leadtracker)
        assert leadtracker.run("user", "disable", "ann").out == "Disabled user ann.\n"
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 401

    def test_new_password_replaces_old_one(self, leadtracker: CommandLine, client: Client) -> None:
        self.add(leadtracker)
        changed = leadtracker.run("user", "set-password", "ann", "--password-stdin", stdin="another phrase\n")
        assert changed.status == 0
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 401
        assert client.with_headers(basic("ann", "another phrase")).get("/leads").status == 200

    def test_temporary_password_must_be_changed(self, leadtracker: CommandLine, client: Client) -> None:
        self.add(leadtracker, "ann", "--temporary")
        self.add(leadtracker, "bob")
        listed = leadtracker.run("user", "list", "--json").json
        assert [user["must_change_password"] for user in listed] == [True, False]
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200

    def test_lost_second_factor_is_removed(
        self, leadtracker: CommandLine, client: Client, raw_db: RawDatabase
    ) -> None:
        self.add(leadtracker)
        raw_db.execute("UPDATE users SET second_factor_at = created_at WHERE name = 'ann'")
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 403
        assert leadtracker.run("user", "remove-factor", "ann").out == "Removed the second factor of ann.\n"
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200

    def test_no_second_factor_is_removed(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker)
        assert leadtracker.run("user", "remove-factor", "ann").out == "User ann has no second factor.\n"
        assert leadtracker.run("user", "remove-factor", "bob").status == 1

    def test_enabled_user_can_sign_in_again(self, leadtracker: CommandLine, client: Client) -> None:
        self.add(leadtracker)
        leadtracker.run("user", "disable", "ann")
        assert leadtracker.run("user", "enable", "ann").out == "Enabled user ann.\n"
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200

    def test_user_becomes_assignable(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker)
        changed = leadtracker.run("user", "set-assignable", "ann", "yes")
        assert changed.out == "New leads may be assigned to ann now.\n"
        (ann,) = leadtracker.run("user", "list", "--json").json
        assert ann["assignable"] is True

    def test_user_role_can_be_changed(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker)
        changed = leadtracker.run("user", "set-role", "ann", "--role", "viewer")
        assert changed.out == "User ann is viewer now.\n"
        assert leadtracker.run("user", "list").out.splitlines()[1:] == [
            "ann   viewer  -       no          active"
        ]

    @pytest.mark.parametrize("command", [("disable",), ("set-role", "--role=agent")])
    def test_last_admin_is_kept_unless_forced(
        self, leadtracker: CommandLine, command: tuple[str, ...]
    ) -> None:
        self.add(leadtracker)
        leadtracker.run("user", "set-role", "ann", "--role", "admin")
        kept = leadtracker.run("user", *command, "ann")
        assert (kept.status, kept.out) == (1, "")
        assert "ann is the only enabled admin" in kept.err
        assert leadtracker.run("user", *command, "ann", "--force").status == 0

    def test_one_of_two_admins_can_be_disabled(self, leadtracker: CommandLine) -> None:
        for name in ("ann", "bob"):
            self.add(leadtracker, name)
            leadtracker.run("user", "set-role", name, "--role", "admin")
        assert leadtracker.run("user", "disable", "ann").status == 0

    def test_email_address_can_be_changed_and_removed(self, leadtracker: CommandLine) -> None:
        self.add(leadtracker)
        changed = leadtracker.run("user", "set-email", "ann", "ann@example.com")
        assert changed.out == "The e-mail address of ann is ann@example.com now.\n"
        assert leadtracker.run("user", "list", "--json").json[0]["email"] == "ann@example.com"
        assert leadtracker.run("user", "set-email", "ann", "--none").status == 0
        assert leadtracker.run("user", "list", "--json").json[0]["email"] is None

    @pytest.mark.parametrize("arguments", [[], ["ann@example.com", "--none"], ["nowhere"]])
    def test_invalid_email_change_is_a_usage_error(
        self, leadtracker: CommandLine, arguments: list[str]
    ) -> None:
        self.add(leadtracker)
        assert leadtracker.run("user", "set-email", "ann", *arguments).status == 2

    @pytest.mark.parametrize(
        "command",
        [("disable",), ("enable",), ("set-password", "--password-stdin"), ("set-role", "--role=agent")],
    )
    def test_unknown_user_cannot_be_changed(self, leadtracker: CommandLine, command: tuple[str, ...]) -> None:
        rejected = leadtracker.run("user", *command, "unknown", stdin=PHRASE)
        assert (rejected.status, rejected.err) == (1, "Error: there is no user unknown\n")


def test_new_key_is_printed_alone_and_works(leadtracker: CommandLine, client: Client) -> None:
    added = leadtracker.run("api-key", "add", "website", "--role", "viewer")
    assert added.status == 0
    assert re.fullmatch(r"lt_[A-Za-z0-9_-]{43}\n", added.out)
    secret = added.out.strip()
    assert secret not in added.err
    assert client.with_headers(api_key(secret)).get("/leads").status == 200
    assert client.with_headers(bearer(secret)).get("/leads").status == 200


@on_sqlite
class TestApiKeys:
    def add(self, leadtracker: CommandLine, name: str = "website", role: str = "viewer") -> str:
        return leadtracker.run("api-key", "add", name, "--role", role).out.strip()

    def test_revoked_key_keeps_name_taken(self, leadtracker: CommandLine, client: Client) -> None:
        secret = self.add(leadtracker)
        assert leadtracker.run("api-key", "revoke", "website").out == "Revoked API key website.\n"
        assert client.with_headers(api_key(secret)).get("/leads").status == 401
        again = leadtracker.run("api-key", "add", "website", "--role", "viewer")
        assert (again.status, again.out) == (1, "")
        assert again.err == "Error: the name website is taken\n"

    def test_keys_are_listed_without_secrets(self, leadtracker: CommandLine, raw_db: RawDatabase) -> None:
        secrets = [self.add(leadtracker, "website"), self.add(leadtracker, "crm", "admin")]
        leadtracker.run("api-key", "revoke", "crm")
        listed = leadtracker.run("api-key", "list")
        assert [line.split() for line in listed.out.splitlines()] == [
            ["NAME", "ROLE", "STATE", "EXPIRES", "USED", "CREATOR"],
            ["crm", "admin", "revoked", "never", "never", "operator"],
            ["website", "viewer", "active", "never", "never", "operator"],
        ]
        as_json = leadtracker.run("api-key", "list", "--json")
        assert {frozenset(key) for key in as_json.json} == {
            frozenset(
                {"name", "role", "created_at", "created_by", "expires_at", "last_used_at", "revoked_at"}
            )
        }
        shown = listed.out + as_json.out + raw_db.dump()
        assert not any(secret in shown for secret in secrets)

    def test_unknown_key_cannot_be_revoked(self, leadtracker: CommandLine) -> None:
        rejected = leadtracker.run("api-key", "revoke", "unknown")
        assert (rejected.status, rejected.err) == (1, "Error: there is no API key unknown\n")

    @pytest.mark.parametrize("name", ["a:b", "", "x" * 101])
    def test_a_bad_name_is_rejected(self, leadtracker: CommandLine, name: str) -> None:
        assert leadtracker.run("api-key", "add", name, "--role", "viewer").status == 2


@on_sqlite
def test_api_key_with_an_end(leadtracker: CommandLine) -> None:
    assert leadtracker.run("api-key", "add", "website", "--role", "sender", "--expires", "90d").status == 0
    (key,) = json.loads(leadtracker.run("api-key", "list", "--json").out)
    lifetime = datetime.fromisoformat(key["expires_at"]) - datetime.fromisoformat(key["created_at"])
    assert timedelta(days=90) - timedelta(seconds=60) < lifetime <= timedelta(days=90)
    assert (key["created_by"], key["last_used_at"]) == ("operator", None)
    listed = leadtracker.run("api-key", "list").out
    assert key["expires_at"][:10] in listed
    for wrong in ("90", "0d", "soon"):
        rejected = leadtracker.run("api-key", "add", "x", "--role", "sender", "--expires", wrong)
        assert (rejected.status, "number of days" in rejected.err) == (2, True)


def test_user_is_unlinked_from_provider(leadtracker: CommandLine, raw_db: RawDatabase) -> None:
    leadtracker.run("user", "add", "ann", "--role=agent", "--password-stdin", stdin="correct horse battery\n")
    raw_db.execute(
        "INSERT INTO external_identities (issuer, subject, user_name, linked_at) VALUES (?, ?, ?, ?)",
        *("https://login.example", "1", "ann", "2026-11-18T12:00:00.000000Z"),
    )
    assert leadtracker.run("user", "unlink", "ann").out == "Unlinked user ann.\n"
    assert leadtracker.run("user", "unlink", "ann").out == "User ann is not linked to the provider.\n"
    assert leadtracker.run("user", "unlink", "bob").status == 1
