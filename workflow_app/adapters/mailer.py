"""Sending mail: one plain-text message to one person, by SMTP or into a list."""

from __future__ import annotations

import smtplib
import ssl
import unicodedata
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from workflow_app.adapters.clock import Clock, SystemClock
from workflow_app.domain.unseen import straight

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT_SECONDS = 20.0
_LONGEST_SUBJECT = 240
_PORTS = {"smtp": 25, "smtps": 465}


class MailError(Exception):
    """Base of what can go wrong with a mail."""


class MailRefused(MailError):
    """The server refused this message or recipient for good; trying again cannot help."""


class InvalidMail(MailRefused):
    """The address or the id cannot stand in a header."""


class MailUnavailable(MailError):
    """The server could not be reached or asked to try later."""


class InvalidMailUrl(ValueError):
    """The setting for the mail server is not smtp:// or smtps:// with a host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message. `message_id` (without brackets) stays the same when it is sent again.

    Line breaks and control characters in the subject become spaces, for it may quote what an
    applicant typed. Raises InvalidMail for an address or id that is not exactly one.
    """

    to: str
    subject: str
    text: str
    message_id: str
    language: str

    def __post_init__(self) -> None:
        """Clean the subject and refuse what could forge a header."""
        parse_address(self.to)
        if not _is_message_id(self.message_id):
            message = f"{self.message_id!r} is no message id of the form left@right"
            raise InvalidMail(message)
        object.__setattr__(self, "subject", _encodable(straight(_one_line(self.subject))))
        object.__setattr__(self, "text", _encodable(straight(self.text)))


class Mailer(Protocol):
    """Hands a mail to the world."""

    def send(self, mail: Mail) -> None:
        """Send `mail` or raise MailRefused (for good) or MailUnavailable (try later)."""


@dataclass(slots=True)
class MemoryMailer:
    """Keeps what was sent, in order; raises `failure` instead when one is set."""

    sent: list[Mail] = field(default_factory=list)
    failure: MailError | None = None

    def send(self, mail: Mail) -> None:
        """Put `mail` into `sent`. Raises whatever `failure` is."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpMailer:
    """Sends through an SMTP server, one connection a mail."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = False
    timeout: float = TIMEOUT_SECONDS
    clock: Clock = field(default_factory=SystemClock)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @classmethod
    def from_url(cls, url: str, *, sender: str, sender_name: str = "") -> SmtpMailer:
        """Build from `smtp://user:password@host:port` or `smtps://…`; `?starttls=0|1` overrules.

        With credentials on smtp:// STARTTLS is used unless the URL says 0, so that a password does
        not travel in the clear by oversight. Raises InvalidMailUrl, InvalidMail.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            message = "The mail server's address is not smtp://host or smtps://host"
            raise InvalidMailUrl(message)
        parse_address(sender)
        return cls(
            host=parts.hostname,
            port=_port(parts),
            sender=sender,
            sender_name=_one_line(sender_name),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            starttls=_wants_starttls(parts),
        )

    def send(self, mail: Mail) -> None:
        """Send `mail`. Raises MailRefused, or MailUnavailable (a refused login is ours)."""
        message = compose(mail, self)
        try:
            with self._connect() as server:
                self._greet(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            answers = list(refused.recipients.values())
            raise _verdict([code for code, _ in answers], _told(answers)) from refused
        except smtplib.SMTPDataError as answer:
            told = _told([(answer.smtp_code, answer.smtp_error)])
            raise _verdict([answer.smtp_code], told) from answer
        except (OSError, smtplib.SMTPException) as failure:
            raise MailUnavailable(str(failure)) from failure

    def _connect(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self.starttls:
            server.starttls(context=self.tls)
        if self.user:
            server.login(self.user, self.password)


def compose(mail: Mail, mailer: SmtpMailer) -> EmailMessage:
    """Return `mail` as an RFC 5322 message marked as sent by a machine (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(mailer.sender_name, addr_spec=mailer.sender)
    message["To"] = parse_address(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = mailer.clock.now()
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # after the content, which takes every earlier Content-… header away
    message.set_content(mail.text)
    message["Content-Language"] = mail.language
    return message


def parse_address(text: str) -> Address:
    """Return exactly one address, its domain in ASCII. Raises InvalidMail for anything else."""
    local, at, domain = text.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii")
        address = Address(addr_spec=f"{local}@{host}")
    except (ValueError, IndexError, HeaderParseError) as wrong:
        raise InvalidMail(_not_one(text)) from wrong
    if not (at and local and host) or _has_control(text) or " " in text:
        raise InvalidMail(_not_one(text))
    return address


def _not_one(text: str) -> str:
    return f"{text!r} is not one e-mail address"


def _has_control(text: str) -> bool:
    return any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in text)


def _one_line(text: str) -> str:
    spaced = "".join(" " if _has_control(c) else c for c in text)
    return " ".join(spaced.split())[:_LONGEST_SUBJECT]


def _encodable(text: str) -> str:
    # half a character, as broken input can hold, would stop the mail for good
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_message_id(text: str) -> bool:
    left, at, right = text.partition("@")
    safe = text.isascii() and text.isprintable() and not set(text) & set(' <>"(),;:\\[]')
    return bool(at and left and right) and safe and "@" not in right


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or _PORTS[parts.scheme]
    except ValueError as wrong:
        message = "The mail server's port is not a number between 1 and 65535"
        raise InvalidMailUrl(message) from wrong


def _wants_starttls(parts: SplitResult) -> bool:
    if parts.scheme == "smtps":
        return False
    default = "1" if parts.username else "0"
    return parse_qs(parts.query).get("starttls", [default])[-1] == "1"


def _told(answers: Sequence[tuple[int, bytes | str]]) -> str:
    """Return what a server answered, as one line for people."""
    texts = [t.decode(errors="replace") if isinstance(t, bytes) else str(t) for _, t in answers]
    codes = [code for code, _ in answers]
    return _one_line("; ".join(f"{c} {t}" for c, t in zip(codes, texts, strict=True)))


def _verdict(codes: list[int], text: str) -> MailError:
    permanent = all(500 <= code < 600 for code in codes)
    return MailRefused(text) if permanent else MailUnavailable(text)
