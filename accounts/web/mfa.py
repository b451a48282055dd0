"""How second factors lie in the database: sealed, so that whoever has a backup has no codes."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from helpdesk.lib import sealed

#: Tells what is sealed from what was written before that; a seed of TOTP is base32, others are hexadecimal.
MARK = "sealed:"
_PURPOSE = "second-factor"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        """Of TOTP its seed, of recovery codes theirs."""
        return MARK + base64.b64encode(sealed.seal(text.encode(), purpose=_PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises sealed.Unreadable: a factor that cannot be read lets nobody in."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        return sealed.unseal(base64.b64decode(encrypted_text[len(MARK) :]), purpose=_PURPOSE).decode()
