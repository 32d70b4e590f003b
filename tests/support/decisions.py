"""Decision models written out by tests, piece by piece."""

from __future__ import annotations

from workflow_app.dmn import DecisionModel, load_decisions

Models = dict[str, bytes] | None
MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(*parts: str, namespace: str = "main", version: str = MODEL, more: str = "") -> bytes:
    """Write a model of some elements."""
    head = f'<definitions xmlns="{version}" namespace="{namespace}" name="m" {more}>'
    return "\n".join((head, *parts, "</definitions>")).encode()


def text(words: str, type_name: str = "") -> str:
    """Write a literal expression."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression{_typed(type_name)}><text>{escaped}</text></literalExpression>"


def decision(name: str, logic: str = "", requires: str = "", type_name: str = "") -> str:
    """Write a decision; its id is its name with underscores for blanks."""
    variable = f'<variable name="{name}"{_typed(type_name)}/>'
    return f'<decision id="{_id(name)}" name="{name}">{variable}{requires}{logic}</decision>'


def given(name: str, type_name: str = "") -> str:
    """Write an input."""
    variable = f'<variable name="{name}"{_typed(type_name)}/>'
    return f'<inputData id="{_id(name)}" name="{name}">{variable}</inputData>'


def needs(*references: str, kind: str = "Decision") -> str:
    """Write requirements of one kind: Input, Decision or Knowledge."""
    holder = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(
        f'<{holder}><required{kind} href="{_href(each)}"/></{holder}>' for each in references
    )


def knowledge(
    name: str, parameters: dict[str, str], logic: str, requires: str = "", type_name: str = ""
) -> str:
    """Write a business knowledge model; its parameters have types or empty texts."""
    formal = "".join(f'<formalParameter name="{p}"{_typed(t)}/>' for p, t in parameters.items())
    return (
        f'<businessKnowledgeModel id="{_id(name)}" name="{name}">'
        f'<variable name="{name}"{_typed(type_name)}/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requires}</businessKnowledgeModel>"
    )


def service(
    name: str,
    outputs: tuple[str, ...],
    *,
    decisions: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    type_name: str = "",
) -> str:
    """Write a decision service with its output decisions, input decisions and inputs."""
    parts = "".join(
        f'<{kind} href="{_href(each)}"/>'
        for kind, names in (
            ("outputDecision", outputs),
            ("inputDecision", decisions),
            ("inputData", inputs),
        )
        for each in names
    )
    variable = f'<variable name="{name}"{_typed(type_name)}/>'
    return f'<decisionService id="{_id(name)}" name="{name}">{variable}{parts}</decisionService>'


def imported(name: str, namespace: str, more: str = "") -> str:
    """Write the import of a model."""
    return f'<import name="{name}" namespace="{namespace}" importType="{MODEL}" {more}/>'


def item(name: str, base: str = "", inner: str = "", more: str = "", tag: str = "") -> str:
    """Write an item definition, or a component with another tag."""
    tag = tag or "itemDefinition"
    reference = f"<typeRef>{base}</typeRef>" if base else ""
    return f'<{tag} name="{name}" {more}>{reference}{inner}</{tag}>'


def component(name: str, base: str = "", inner: str = "", more: str = "") -> str:
    """Write a component of an item definition."""
    return item(name, base, inner, more, "itemComponent")


def allowed(words: str, tag: str = "allowedValues") -> str:
    """Write what an item definition allows."""
    return f"<{tag}><text>{words.replace('<', '&lt;')}</text></{tag}>"


def standard(xml: bytes, name: str, imports: Models = None, **data: object) -> object:
    """Decide as the standard does: only what is required is seen, what fails is null."""
    loaded = load_decisions(xml, imports or {}, lenient=True)
    return loaded.evaluate(_id(name), data).value


def strict(xml: bytes, name: str, imports: Models = None, **data: object) -> object:
    """Decide as cases do."""
    return load_decisions(xml, imports or {}).evaluate(_id(name), data).value


def served(loaded: DecisionModel, name: str, **data: object) -> object:
    """Call a decision service by its name."""
    return loaded.serve(name, data).value


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _href(reference: str) -> str:
    return reference if "#" in reference else f"#{_id(reference)}"


def _typed(type_name: str) -> str:
    return f' typeRef="{type_name}"' if type_name else ""
