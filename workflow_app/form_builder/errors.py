"""What can be wrong with a form file and with its rules at work."""

#: Stands for a component where the whole form is meant.
WHOLE_FORM = "form"


class FormError(ValueError):
    """A form file cannot be used; names the component and the reason."""

    def __init__(self, component: str, reason: str) -> None:
        self.component = component
        self.reason = reason
        super().__init__(f"{component}: {reason}")


class FormRuleError(RuntimeError):
    """A rule that the designer wrote failed while somebody used the form."""

    def __init__(self, component: str, rule: str, reason: str) -> None:
        self.component = component
        self.rule = rule
        self.reason = reason
        super().__init__(f"{component}: {rule}: {reason}")
