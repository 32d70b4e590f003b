from workflow_app.domain.words import LONGEST, words_in


def test_words_are_folded_in_every_script():
    assert words_in("Café ÇA Straße") == ["cafe", "ca", "strasse"]
    assert words_in("Հայաստան և") == ["հայաստան", "եւ"]
    assert words_in("ПРИЁМ Київ") == words_in("прием Киів")
    assert words_in("ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ საქართველო") == ["საქართველო", "საქართველო"]


def test_a_number_is_taken_apart_and_single_letters_are_left_out():
    assert words_in("ACC-AM-2026-0007, a_b x2") == ["acc", "am", "2026", "0007", "x2"]


def test_marks_of_direction_and_of_composition_make_no_difference():
    assert words_in("\u202eCafe\u0301\u202c") == ["cafe"]
    assert words_in("soft\u00adly") == words_in("soft\u00adly")


def test_a_very_long_word_is_cut():
    assert words_in("a" * 100) == ["a" * LONGEST]
