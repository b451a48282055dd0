"""Speaking SMTP as a client that does not send twice what the server was only slow to confirm."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

#: After the final dot. RFC 5321 (4.5.3.2.6) asks for ten minutes: whoever hangs up before sends the mail again, though
#: the server has it. Ten would hold up a single sender beyond its lease; three are more than servers take.
FINAL_SECONDS = 180


class PatientBackend(EmailBackend):
    """Django's, but for how long the answer to a mail's text is waited for."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PatientSsl if self.use_ssl else _Patient


class _Patience:
    sock: Any

    def data(self, msg: Any) -> Any:
        before = self.sock.gettimeout()
        self.sock.settimeout(FINAL_SECONDS)
        try:
            return super().data(msg)  # type: ignore[misc]
        finally:
            if self.sock is not None:
                self.sock.settimeout(before)


class _Patient(_Patience, smtplib.SMTP):
    pass


class _PatientSsl(_Patience, smtplib.SMTP_SSL):
    pass
