"""What can be wrong with a form file, with its rules at work, and with an upload."""

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


class UploadRefused(ValueError):
    """A file was not taken; the message is a translated sentence for the person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
