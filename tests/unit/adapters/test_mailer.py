from __future__ import annotations

import gc
import socket
import ssl
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.mailer import (
    InvalidMail,
    InvalidMailUrl,
    Mail,
    MailRefused,
    MailUnavailable,
    MemoryMailer,
    SmtpMailer,
    compose,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_mail(**changes) -> Mail:
    mail = {
        "to": "ani@example.org",
        "subject": "Ձեր դիմումը ստացվել է",
        "text": "Գործ ACC-AM-2026-0001\nhttps://services.example/case\n",
        "message_id": "outbox-17@services.example",
        "language": "hy",
    }
    return Mail(**{**mail, **changes})


class Inbox:
    """Keeps what a server received; answers as told."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data, self.received = rcpt, data, []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve():
    running = []

    def start(inbox: Inbox, **options) -> str:
        controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        running.append(controller)
        return f"127.0.0.1:{controller.port}"

    yield start
    # aiosmtpd leaves the transport of a client that broke off the handshake open; it is its own
    # server's matter, and is collected here rather than in another test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        for controller in running:
            controller.stop()
        running.clear()
        gc.collect()


def mailer_to(url: str) -> SmtpMailer:
    mailer = SmtpMailer.from_url(url, sender="no-reply@services.example", sender_name="Services")
    return replace(mailer, clock=FixedClock(NOON), timeout=5)


def test_a_mail_arrives_with_its_headers_and_letters(serve):
    inbox = Inbox()
    mailer_to(f"smtp://{serve(inbox)}").send(make_mail())
    [(sender, recipients, content)] = inbox.received
    message = message_from_bytes(content, policy=default)
    assert (sender, recipients) == ("no-reply@services.example", ["ani@example.org"])
    assert message["From"] == "Services <no-reply@services.example>"
    assert message["Subject"] == "Ձեր դիմումը ստացվել է"
    assert message["Message-ID"] == "<outbox-17@services.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "hy"
    assert message["Date"].datetime == NOON
    assert message.get_content_type() == "text/plain"
    assert message.get_content().splitlines()[0] == "Գործ ACC-AM-2026-0001"


def test_the_same_mail_sent_again_has_the_same_id(serve):
    inbox = Inbox()
    mailer = mailer_to(f"smtp://{serve(inbox)}")
    mailer.send(make_mail())
    mailer.send(make_mail())
    ids = {message_from_bytes(content)["Message-ID"] for _, _, content in inbox.received}
    assert ids == {"<outbox-17@services.example>"}


def test_line_breaks_in_a_subject_forge_no_header():
    mail = make_mail(subject="Case\r\nBcc: thief@example.org\x00\u2028x")
    message = compose(mail, mailer_to("smtp://localhost"))
    assert mail.subject == "Case Bcc: thief@example.org x"
    assert message["Bcc"] is None
    assert b"\r\nBcc:" not in bytes(message)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ani",
        "@example.org",
        "ani@",
        "ani@example.org, thief@example.org",
        "ani@example.org\r\nBcc: thief@example.org",
        "Ani <ani@example.org>",
        "ani @example.org",
        "ani@exa mple.org",
        "ani@" + "x" * 70 + ".org",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(address):
    with pytest.raises(InvalidMail):
        make_mail(to=address)


def test_half_a_character_does_not_stop_a_mail():
    mail = make_mail(subject="a\ud800b", text="a\ud800b")
    assert (mail.subject, mail.text) == ("a?b", "a?b")
    assert bytes(compose(mail, mailer_to("smtp://localhost")))


def test_an_impossible_address_is_not_tried_again():
    assert issubclass(InvalidMail, MailRefused)


@pytest.mark.parametrize("message_id", ["", "no-at-sign", "a@b>\r\nBcc: x", "a b@c", "a@b@c"])
def test_a_message_id_cannot_carry_a_header(message_id):
    with pytest.raises(InvalidMail):
        make_mail(message_id=message_id)


def test_a_domain_in_another_script_is_written_in_ascii():
    message = compose(make_mail(to="ani@փորձ.հայ"), mailer_to("smtp://localhost"))
    assert message["To"].addresses[0].domain.startswith("xn--")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"rcpt": "550 no such user"}, MailRefused),
        ({"rcpt": "451 try later"}, MailUnavailable),
        ({"data": "554 spam"}, MailRefused),
        ({"data": "452 disk full"}, MailUnavailable),
    ],
)
def test_the_servers_answer_says_whether_to_try_again(serve, answers, error):
    address = serve(Inbox(**answers))
    with pytest.raises(error):
        mailer_to(f"smtp://{address}").send(make_mail())


def test_a_server_that_is_down_can_be_tried_later():
    with pytest.raises(MailUnavailable):
        mailer_to("smtp://127.0.0.1:9").send(make_mail())


def authenticator(server, session, envelope, mechanism, data) -> AuthResult:
    right = LoginPassword(b"mail er", b"p@ss:/")
    return AuthResult(success=data == right, handled=False)


def test_credentials_are_read_from_the_address(serve):
    inbox = Inbox()
    address = serve(inbox, auth_require_tls=False, authenticator=authenticator)
    mailer_to(f"smtp://mail%20er:p%40ss%3A%2F@{address}?starttls=0").send(make_mail())
    assert len(inbox.received) == 1


def test_a_wrong_password_of_ours_is_no_fault_of_the_mail(serve):
    inbox = Inbox()
    address = serve(inbox, auth_require_tls=False, authenticator=authenticator)
    with pytest.raises(MailUnavailable):
        mailer_to(f"smtp://mail%20er:wrong@{address}?starttls=0").send(make_mail())
    assert inbox.received == []


def test_a_password_does_not_travel_in_the_clear_by_oversight(serve):
    inbox = Inbox()
    with pytest.raises(MailUnavailable, match="STARTTLS"):
        mailer_to(f"smtp://user:secret@{serve(inbox)}").send(make_mail())
    assert inbox.received == []


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path)


def make_certificate(folder):
    """Write a certificate for 127.0.0.1 that signs itself; return its path (key included)."""
    from ipaddress import ip_address  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return pem


def server_context(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_starttls_is_used_and_the_certificate_is_checked(serve, certificate):
    inbox = Inbox()
    address = serve(inbox, tls_context=server_context(certificate), require_starttls=True)
    trusting = ssl.create_default_context(cafile=certificate)
    mailer = mailer_to(f"smtp://{address}?starttls=1")
    replace(mailer, tls=trusting).send(make_mail())
    assert len(inbox.received) == 1
    with pytest.raises(MailUnavailable, match="certificate"):
        mailer.send(make_mail())


@pytest.mark.parametrize(
    "url", ["", "localhost:25", "http://localhost", "smtp://", "smtp://host:x", "smtp://host:99999"]
)
def test_a_wrong_setting_is_refused_at_the_start(url):
    with pytest.raises(InvalidMailUrl):
        mailer_to(url)


@pytest.mark.parametrize(
    ("url", "port", "implicit", "starttls"),
    [
        ("smtp://h", 25, False, False),
        ("smtp://h:2525?starttls=1", 2525, False, True),
        ("smtp://u:p@h:587", 587, False, True),
        ("smtps://u:p@h", 465, True, False),
    ],
)
def test_the_address_decides_port_and_encryption(url, port, implicit, starttls):
    mailer = mailer_to(url)
    assert (mailer.port, mailer.implicit_tls, mailer.starttls) == (port, implicit, starttls)


def test_a_password_is_not_shown_with_the_mailer():
    assert "secret" not in repr(mailer_to("smtp://user:secret@localhost"))


def test_the_twin_keeps_what_was_sent_and_can_fail():
    mailer = MemoryMailer()
    mailer.send(make_mail())
    assert [mail.to for mail in mailer.sent] == ["ani@example.org"]
    mailer.failure = MailUnavailable("down")
    with pytest.raises(MailUnavailable):
        mailer.send(make_mail())
    assert len(mailer.sent) == 1
