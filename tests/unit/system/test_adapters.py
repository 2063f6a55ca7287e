"""Adapters of the system clock, ids, passwords and phone numbers pass their contract suites."""

import base64
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from argon2 import extract_parameters, profiles
from hypothesis import given

from leadtracker.adapters.system.one_time_passwords import PyotpOneTimePasswords
from leadtracker.adapters.system.operating_system import SystemClock, SystemIdSource
from leadtracker.adapters.system.password_hasher import Argon2PasswordHasher, CachingPasswordHasher
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.adapters.system.secret_box import AesSecretBox
from tests.contracts.accounts.password_hasher import PasswordHasherContract
from tests.contracts.accounts.second_factors import SecretBoxContract
from tests.contracts.id_source import IdSourceContract
from tests.contracts.leads.phone_parser import PhoneParserContract
from tests.support.clock import NOW
from tests.support.examples.strategies import wild_text
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.system import MemoryClock


class TestSystemClock:
    def test_system_clock_is_in_utc(self) -> None:
        before = datetime.now(UTC)
        now = SystemClock().now()
        assert before <= now <= datetime.now(UTC)
        assert now.utcoffset() == timedelta(0)


class TestSystemIdSource(IdSourceContract):
    @pytest.fixture
    def ids(self) -> SystemIdSource:
        return SystemIdSource()

    def test_ids_are_uuid_7_with_their_time(self, ids: SystemIdSource) -> None:
        uuid = UUID(ids.new_id(NOW))
        assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
        assert uuid.int >> 80 == NOW.timestamp() * 1000


class TestLibPhoneParser(PhoneParserContract):
    @pytest.fixture
    def phones(self) -> LibPhoneParser:
        return LibPhoneParser(region=None)

    def test_national_number_needs_region(self) -> None:
        national = "030 12345678"
        assert LibPhoneParser("DE").to_e164(national) == "+493012345678"
        assert LibPhoneParser(None).to_e164(national) is None

    @given(wild_text)
    def test_any_text_is_parsed_as_number_or_none(self, text: str) -> None:
        number = LibPhoneParser("US").to_e164(text)
        assert number is None or (number[0] == "+" and number[1:].isdecimal() and number.isascii())


class TestAesSecretBox(SecretBoxContract):
    @pytest.fixture
    def box(self) -> AesSecretBox:
        return AesSecretBox("a secret key")

    @pytest.fixture
    def other_box(self) -> AesSecretBox:
        return AesSecretBox("another key")

    def test_sealing_twice_gives_different_texts(self, box: AesSecretBox) -> None:
        assert box.seal("text", "purpose") != box.seal("text", "purpose")


class TestPyotpOneTimePasswords:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924")],
    )
    def test_code_is_that_of_rfc_6238(self, seconds: int, code: str) -> None:
        secret = base64.b32encode(b"12345678901234567890").decode()
        now = datetime.fromtimestamp(seconds, UTC)
        assert PyotpOneTimePasswords("LeadTracker").matching_step(secret, code, now) == seconds // 30

    @pytest.mark.parametrize(
        "code", ["", "28708", "2870820", "\N{FULLWIDTH DIGIT TWO}87082", "\ud800", "x" * 50]
    )
    def test_other_text_is_no_code(self, code: str) -> None:
        one_time_passwords = PyotpOneTimePasswords("LeadTracker")
        assert one_time_passwords.matching_step(one_time_passwords.new_secret(), code, NOW) is None

    def test_uri_names_the_user_and_the_installation(self) -> None:
        uri = PyotpOneTimePasswords("LeadTracker Lee & Partners").uri("MZXW6YTB" * 4, "Zoë")
        found = pyotp.parse_uri(uri)
        assert (found.name, found.issuer, found.secret) == (
            "Zoë",
            "LeadTracker Lee & Partners",
            "MZXW6YTB" * 4,
        )


class TestArgon2PasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def hasher(self) -> Argon2PasswordHasher:
        return Argon2PasswordHasher(profiles.CHEAPEST)

    def test_hash_has_the_recommended_cost_and_costs_an_unknown_user_as_much(self) -> None:
        began = time.process_time()
        hasher = Argon2PasswordHasher()
        created = time.process_time()
        password_hash = hasher.hash("right")
        hashed = time.process_time()
        assert created - began < (hashed - created) / 3  # the hash for unknown users is created lazily
        assert extract_parameters(password_hash) == profiles.RFC_9106_LOW_MEMORY
        assert hasher.verify("right", password_hash)
        began = time.process_time()
        assert not hasher.verify("wrong", None)
        # An unreadable hash would be rejected much faster.
        assert time.process_time() - began > (hashed - created) / 3


class TestCachingPasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def hasher(self) -> CachingPasswordHasher:
        return CachingPasswordHasher(MemoryPasswordHasher())

    def test_verification_cache_expires(self) -> None:
        class Counting(MemoryPasswordHasher):
            verified = 0

            def verify(self, password: str, password_hash: str | None) -> bool:
                self.verified += 1
                return super().verify(password, password_hash)

        counting, clock = Counting(), MemoryClock(NOW)
        hasher = CachingPasswordHasher(counting, lambda: clock.now().timestamp())
        kept, other = hasher.hash("right"), hasher.hash("right")
        for step, verified in [(0, 1), (59.9, 1), (0.1, 2), (0, 2)]:
            clock.advance(timedelta(seconds=step))
            assert hasher.verify("right", kept)
            assert counting.verified == verified
        assert hasher.verify("right", other)
        assert counting.verified == 3
        for expected in (4, 5):
            assert not hasher.verify("wrong", kept)
            assert counting.verified == expected
