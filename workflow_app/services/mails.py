"""Writing mails: templates filled with FEEL, in the language of whoever reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, or_, select

from workflow_app.adapters.letter_data import spelt_text
from workflow_app.adapters.words import Words
from workflow_app.domain.errors import DomainError, OperationFailed
from workflow_app.domain.reasons import IN_TEXT
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.services.lookups import covering
from workflow_app.services.standing import absent, substitutes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.manifests import MailTemplate
    from workflow_app.services.scope import StepScope

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_GAP = re.compile(r"\n{3,}")  # left by lines that a condition emptied


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail, in which language, and the page that its `{link}` opens.

    `username` is that of an account, empty for whoever holds a case's key.
    """

    email: str
    language: str
    link: str
    username: str = ""


def key_holder(scope: StepScope) -> list[Recipient]:
    """Return the one who holds the case's number and key, when an address is known."""
    if not scope.case.key_holder_email:
        return []
    return [Recipient(scope.case.key_holder_email, scope.case.language, follow_link(scope))]


def person(scope: StepScope, username: str) -> list[Recipient]:
    """Return one account by username; nobody when it does not exist."""
    return _accounts(scope, select(Account).where(Account.username == username))


def role_holders(scope: StepScope, role: str) -> list[Recipient]:
    """Return who holds the role in a territory that covers the case's, and may see the case."""
    query = (
        select(Account)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .where(RoleAssignment.role == role, covering(Territory.path, scope.case.path))
        .where(_not_kept_out(scope))
        .where(
            or_(
                RoleAssignment.valid_until.is_(None),
                RoleAssignment.valid_until >= scope.host.today(),
            )
        )
        .distinct()
    )
    return _accounts(scope, query)


def with_substitutes(scope: StepScope, people: list[Recipient]) -> list[Recipient]:
    """Return people together with those who act now in the place of who of them is away."""
    session, now = scope.ctx.session, scope.ctx.now
    gone = absent(session, [one.username for one in people if one.username], now)
    acting = [name for one in gone for name in substitutes_of(session, one, now)]
    query = select(Account).where(Account.username.in_(acting), _not_kept_out(scope))
    more = _accounts(scope, query) if acting else []
    return list({one.email: one for one in [*people, *more]}.values())


def _not_kept_out(scope: StepScope) -> ColumnElement[bool]:
    """Return the condition that an account was not taken off the case."""
    kept_out = select(CaseExclusion.username).where(CaseExclusion.case_id == scope.case.id)
    return Account.username.not_in(kept_out)


def write_mail(
    scope: StepScope, template: MailTemplate, recipient: Recipient, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a finished mail {to, subject, text, language}.

    Raises OperationFailed on a bad placeholder.
    """
    words = Words(recipient.language, scope.published.words.get(recipient.language, {}))
    named = {**data, "case": case_words(scope, data), "link": recipient.link}
    known = {name: _listed(value, words) for name, value in named.items()}
    return {
        "to": recipient.email,
        "language": recipient.language,
        "subject": fill(words.text(template.subject), known, scope, words),
        "text": _GAP.sub("\n\n", fill(words.text(template.body), known, scope, words)).strip(),
    }


def fill(text: str, data: Mapping[str, Any], scope: StepScope, words: Words) -> str:
    """Replace each `{FEEL}` by its value as people write it; null becomes nothing.

    Dates are spelt in the reader's language, and a value that the catalogue knows is translated.
    """

    def value(match: re.Match[str]) -> str:
        try:
            found = compile_expression(match[1]).evaluate(data, scope.host.functions)
        except FeelError as exc:
            told = DomainError(IN_TEXT, text=f"{{{match[1]}}}", reason=exc)
            raise OperationFailed(reason=told) from exc
        plain = to_json(found)
        return "" if plain is None else spelt(words.text(str(plain)), words.locale, scope)

    return _PLACEHOLDER.sub(value, text)


def spelt(text: str, language: str, scope: StepScope) -> str:
    """Return `text` with its ISO dates and times written as people write them."""
    return spelt_text(text, language, scope.host.calendar.zone)


def placeholders(template: MailTemplate) -> list[str]:
    """Return the FEEL expressions of a template."""
    return _PLACEHOLDER.findall(template.subject + template.body)


def case_words(scope: StepScope, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `case` as mails and letters see it, with the number given in this very step."""
    return {**data.get("case", {}), "number": scope.case.number, "title": scope.case.title}


def follow_link(scope: StepScope) -> str:
    """Return the address at which the key holder follows the case."""
    base, number = scope.ctx.platform.settings.base_url, scope.case.number or ""
    return f"{base}/follow/{quote(number)}?key={quote(scope.case.secret)}"


def _listed(value: object, words: Words) -> object:
    """Return a list of data with its texts in the reader's language; expressions join them."""
    if not isinstance(value, list):
        return value
    return [
        {name: _said(inner, words) for name, inner in one.items()}
        if isinstance(one, dict)
        else _said(one, words)
        for one in value
    ]


def _said(value: object, words: Words) -> object:
    return words.text(value) if isinstance(value, str) else value


def _accounts(scope: StepScope, query: Any) -> list[Recipient]:
    settings = scope.ctx.platform.settings
    link = f"{settings.base_url}/cases/{quote(scope.case.number or '')}"
    return [
        Recipient(account.email, account.language or settings.language, link, account.username)
        for account in scope.ctx.session.scalars(query)
        if account.active
    ]
