"""Groups, with and without a path, and signatures."""

NAME = {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}}
SIGN = {"type": "group", "label": "Declaration", "properties": {"kind": "sign"}}


def test_a_group_with_a_path_makes_an_object(answers, messages):
    group = {"type": "group", "path": "org", "label": "Organisation", "components": [NAME]}
    assert answers([group], {"org-name": "Tatev"}) == {"org": {"name": "Tatev"}}
    assert messages([group], {}) == {"f-org-name": "Enter “Name”"}


def test_a_group_without_a_path_only_frames(answers):
    group = {"type": "group", "label": "Organisation", "components": [NAME]}
    assert answers([group], {"name": "Tatev"}) == {"name": "Tatev"}


def test_a_group_may_have_a_check_of_its_own(messages):
    group = {
        "type": "group", "path": "org", "label": "Organisation", "components": [NAME],
        "properties": {"check": '=org.name != "X"'},
    }  # fmt: skip
    assert messages([group], {"org-name": "Y"}) == {}
    found = messages([group], {"org-name": "X"})
    assert found == {"f-org": "“Organisation” does not fit the other answers"}


def test_a_group_is_filled_in_from_the_case(fill_in):
    group = {"type": "group", "path": "org", "components": [NAME]}
    assert fill_in([group], case={"org": {"name": "Tatev"}}).raw() == {"org-name": ["Tatev"]}


def test_a_signature_is_name_tick_and_the_servers_time(answers):
    signed = answers([SIGN], {"sign-name": "Anna P.", "sign-agreed": "true", "sign-at": "1999"})
    assert signed == {
        "sign": {"name": "Anna P.", "agreed": True, "at": "2026-11-21T10:00:00+00:00"}
    }


def test_half_a_signature_is_none(messages):
    assert messages([SIGN], {"sign-agreed": "true"}) == {
        "f-sign-name": "Type your full name to sign “Declaration”"
    }
    assert messages([SIGN], {"sign-name": "Anna"}) == {
        "f-sign-agreed": "Tick the box to sign “Declaration”"
    }


def test_a_signature_without_a_label_is_called_one(messages):
    plain = {"type": "group", "properties": {"kind": "sign"}}
    found = messages([plain], {})
    assert found == {"f-sign-name": "Type your full name to sign “Signature”"}


def test_a_draft_never_holds_a_signature(fill_in):
    form = fill_in([SIGN], {"sign-name": "Anna", "sign-agreed": "true"})
    assert form.raw() == {}


def test_an_earlier_signature_is_not_given_again(fill_in):
    earlier = {"sign": {"name": "Anna", "agreed": True, "at": "2026-01-01T00:00:00+00:00"}}
    assert fill_in([SIGN], case=earlier).raw() == {}


def test_a_hidden_signature_is_not_asked(answers):
    assert answers([SIGN | {"conditional": {"hide": "=true"}}], {}) == {}
