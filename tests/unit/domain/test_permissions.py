from workflow_app.domain.actors import PUBLIC, Actor, Grant, Permission
from workflow_app.domain.permissions import (
    TaskGate,
    has_role,
    is_candidate,
    may,
    may_anywhere,
    may_claim,
    may_see_case,
)

KAPAN = "AM/AM-SU/AM-SU-KAPAN"


def person(*grants, username="ani"):
    return Actor(username=username, title=username, user_id=1, grants=grants)


def gate(**known):
    return TaskGate(path=KAPAN, groups=("checker",), **known)


def test_a_role_covers_its_territory_and_all_below_it():
    assert has_role(person(Grant("checker", "AM")), "checker", KAPAN)
    assert has_role(person(Grant("checker", KAPAN)), "checker", KAPAN)


def test_a_role_covers_no_neighbour_and_nothing_above():
    assert not has_role(person(Grant("checker", "AM/AM-SU/AM-SU-GORIS")), "checker", KAPAN)
    assert not has_role(person(Grant("checker", KAPAN)), "checker", "AM/AM-SU")


def test_a_territory_whose_code_only_begins_alike_is_not_below():
    assert not has_role(person(Grant("checker", "AM/AM-S")), "checker", KAPAN)


def test_a_task_is_offered_to_its_group_in_the_territory_only():
    assert is_candidate(person(Grant("checker", "AM")), gate())
    assert not is_candidate(person(Grant("checker", "GE")), gate())
    assert not is_candidate(person(Grant("other", "AM")), gate())


def test_a_task_is_offered_to_named_people_without_a_role():
    assert is_candidate(person(), gate(users=("ani",)))


def test_four_eyes_bar_a_person_who_would_else_be_a_candidate():
    assert not is_candidate(person(Grant("checker", "AM")), gate(barred=("ani",)))


def test_four_eyes_bar_even_the_assignee():
    assert not may_claim(person(), gate(assignee="ani", barred=("ani",)))


def test_a_held_task_is_claimed_by_its_holder_only():
    assert may_claim(person(Grant("checker", "AM")), gate(assignee="ani"))
    assert not may_claim(person(Grant("checker", "AM")), gate(assignee="anna"))


def test_a_permission_counts_in_the_territory_where_the_role_gives_it():
    supervisor = person(Grant("boss", "AM", permissions=frozenset({Permission.SUPERVISE})))
    assert may(supervisor, Permission.SUPERVISE, KAPAN)
    assert not may(supervisor, Permission.SUPERVISE, "GE")
    assert not may(supervisor, Permission.DESIGN, KAPAN)


def test_public_pages_are_open_and_others_ask_for_an_account():
    assert may_anywhere(PUBLIC, Permission.PUBLIC)
    assert not may_anywhere(PUBLIC, Permission.SIGNED_IN)
    assert may_anywhere(person(), Permission.SIGNED_IN)
    assert not may_anywhere(person(), Permission.WORK)


def test_a_case_is_seen_by_key_holder_participant_and_role_and_by_nobody_else():
    holder = Actor(username="key_holder", title="", case_id=7)
    assert may_see_case(holder, case_id=7, path=KAPAN, took_part=False)
    assert not may_see_case(holder, case_id=8, path=KAPAN, took_part=False)
    assert may_see_case(person(), case_id=8, path=KAPAN, took_part=True)
    assert may_see_case(person(Grant("any", "AM")), case_id=8, path=KAPAN, took_part=False)
    assert not may_see_case(person(Grant("any", "GE")), case_id=8, path=KAPAN, took_part=False)
