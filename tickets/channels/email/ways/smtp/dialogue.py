"""One connection's dialogue. aiosmtpd knows the commands; the text of a mail, and who may begin, are ours."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from tickets.actions.incoming import Arrival
from tickets.channels.email.ways.smtp.content import Text, read_text
from tickets.channels.email.ways.smtp.desk import DOUBTFUL, TOO_LARGE, Desk
from tickets.channels.email.ways.smtp.peers import address_of
from tickets.channels.email.ways.smtp.storing import LARGE
from tickets.choices import MailWay

#: Between two commands (RFC 5321, 4.5.3.2.7), and between two pieces of a text.
IDLE_SECONDS = 300.0
#: The whole text of a mail, however slowly it drips.
TEXT_SECONDS = 1200.0
#: So long a large mail waits for its turn.
TURN_SECONDS = 120.0
MAX_COMMAND = 2048
PIECE = 64 * 1024


class Dialogue(SMTP):
    way = MailWay.SMTP
    session: Session
    envelope: Envelope
    transport: Any
    #: What aiosmtpd calls so is the reader's buffer: commands have their own limit, lines of a text none.
    line_length_limit = PIECE

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            data_size_limit=desk.hard_limit,
            enable_SMTPUTF8=True,
            hostname=desk.name,
            ident="helpdesk",
            tls_context=desk.tls,
            timeout=IDLE_SECONDS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
        )
        self.desk = desk
        self.is_busy = False
        # Theirs is one dictionary for all connections.
        self.command_size_limits = defaultdict(lambda: MAX_COMMAND)

    async def _handle_client(self) -> None:
        refusal = self.desk.refusal(self.session.peer)
        if refusal:
            self._writer.write(f"{refusal}\r\n".encode())
            self.transport.close()
            return
        self.desk.dialogues.add(self)
        try:
            await super()._handle_client()
        finally:
            self.desk.dialogues.discard(self)

    def dismiss(self) -> None:
        """The server ends. A mail that is being taken is taken first."""
        if not self.is_busy and self.transport is not None:
            self._writer.write(b"421 4.3.2 This server is going down; please try again later\r\n")
            self.transport.close()

    def _getaddr(self, arg: str) -> tuple[Any, Any]:
        """What cannot be read as an address is none, however the parser stumbles over it."""
        try:
            return super()._getaddr(arg)
        except Exception:
            return None, None

    @syntax("AUTH")
    async def smtp_AUTH(self, arg: str | None) -> None:
        await self.push("502 5.5.1 Nobody logs in here")

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
        elif arg:
            await self.push("501 5.5.4 Syntax: DATA")
        else:
            await self._take()

    async def _take(self) -> None:
        envelope = self.envelope
        self.is_busy = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            answer = await _Taking(self).answer()
        finally:
            self.is_busy = False
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        for one in self.answers(answer, envelope.rcpt_tos):
            await self.push(one)
        if self.desk.is_closing:
            self.dismiss()

    def answers(self, answer: str, recipients: list[str]) -> list[str]:
        return [answer]

    async def give_up(self, answer: str) -> None:
        await self.push(answer)
        self.transport.close()
        raise asyncio.CancelledError


class LmtpDialogue(Dialogue):
    """RFC 2033: its own greeting, and an answer for each recipient."""

    way = MailWay.LMTP
    show_smtp_greeting = False

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:
        await self.push('500 5.5.1 Error: command "HELO" not recognized')

    async def smtp_EHLO(self, arg: str) -> None:
        await self.push('500 5.5.1 Error: command "EHLO" not recognized')

    def answers(self, answer: str, recipients: list[str]) -> list[str]:
        return [answer] * len(recipients)


class _Taking:
    """One mail: its text is read, then stored, then answered."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue, self.desk = dialogue, dialogue.desk
        self.text = Text(self.desk.most)
        self.ends_at = asyncio.get_running_loop().time() + TEXT_SECONDS
        self.has_turn = False

    async def answer(self) -> str:
        try:
            await read_text(self.dialogue._reader, self.text, self._after_piece)
            if self.text.has_doubtful_end:
                return DOUBTFUL
            if self.text.size > self.desk.hard_limit:
                return TOO_LARGE
            return await self.desk.store(self._arrival())
        finally:
            if self.has_turn:
                self.desk.large.release()

    async def _after_piece(self) -> None:
        self.dialogue._reset_timeout()
        if asyncio.get_running_loop().time() > self.ends_at:
            await self.dialogue.give_up("421 4.4.2 This takes too long; please try again later")
        if self.text.size > LARGE and not self.has_turn:
            await self._wait_for_turn()
        if self.text.size > self.desk.hard_limit:
            self.text.drop()

    async def _wait_for_turn(self) -> None:
        """Whoever waits reads nothing, and so holds nothing more."""
        try:
            await asyncio.wait_for(self.desk.large.acquire(), TURN_SECONDS)
        except TimeoutError:
            await self.dialogue.give_up("421 4.3.2 Too many large mails at once; please try again later")
        self.has_turn = True

    def _arrival(self) -> Arrival:
        session, envelope = self.dialogue.session, self.dialogue.envelope
        sender = envelope.mail_from
        return Arrival(
            raw=self.text.finish(),
            way=self.dialogue.way,
            recipients=list(envelope.rcpt_tos),
            envelope_sender="" if sender == "<>" else sender,
            peer=address_of(session.peer),
            helo=_printable(session.host_name),
            whole_size=self.text.size,
        )


def _printable(name: str | None) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name or "")
