"""Encryption of stored secrets: AES-256-GCM with a key that is derived from the secret key."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leadtracker.domain.errors import SecretUnreadable
from leadtracker.domain.ports.accounts.second_factors import SecretBox

_KEY_BYTES, _NONCE_BYTES = 32, 12
_KEY_PURPOSE = b"leadtracker stored secrets"


class AesSecretBox(SecretBox):
    """See the port for its promises.

    The purpose is authenticated with the text, so that a sealed text cannot be moved to another user.

    Args:
        secret_key: the secret key of the installation.
    """

    def __init__(self, secret_key: str) -> None:
        derivation = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_KEY_PURPOSE)
        self._cipher = AESGCM(derivation.derive(secret_key.encode()))

    def seal(self, text: str, purpose: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), purpose.encode())
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str, purpose: str) -> str:
        try:
            raw = base64.b64decode(sealed, validate=True)
            nonce, encrypted = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, encrypted, purpose.encode()).decode()
        except (binascii.Error, InvalidTag, ValueError):
            raise SecretUnreadable from None
