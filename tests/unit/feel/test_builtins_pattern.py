"""Patterns of XPath in ``matches``, ``replace`` and ``split`` (F&O 3.1 §5.6, XML Schema 2 §F)."""

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table
from workflow_app.feel import FeelBudgetExceeded, compile_expression
from workflow_app.feel.errors import Bound

# A pattern, what it finds somewhere, apart by spaces; what it does not find. “␣” is a space,
# “↵” a line feed, “←” a carriage return, “∅” nothing at all.
FINDS = r"""
    abc  ;;  abc xabcx  ;;  ab ABC ∅
    ^abc  ;;  abcd  ;;  xabc x↵abc
    abc$  ;;  xabc  ;;  abcd abc↵ abc↵x
    ^$  ;;  ∅  ;;  x ↵
    a.c  ;;  abc a.c a␣c a🐎c  ;;  a↵c a←c ac
    a\.c  ;;  a.c  ;;  abc
    a|bc  ;;  a bc  ;;  b c
    ^(a|)$  ;;  a ∅  ;;  b
    ^a||b$  ;;  a x b ∅  ;;
    ab*c  ;;  ac abc abbc  ;;  adc
    ab+c  ;;  abc abbc  ;;  ac
    ^ab?c$  ;;  ac abc  ;;  abbc
    ^a{2}$  ;;  aa  ;;  a aaa
    ^a{2,}$  ;;  aa aaa  ;;  a
    ^a{1,2}$  ;;  a aa  ;;  aaa ∅
    ^a{0}b$  ;;  b  ;;  ab
    ^(ab){2}$  ;;  abab  ;;  ab
    ^a{02}$  ;;  aa  ;;  a
    [abc]  ;;  a b c  ;;  d
    [^abc]  ;;  d ↵  ;;  a
    ^[a-c]$  ;;  a b c  ;;  d -
    ^[-a]$  ;;  - a  ;;  b
    ^[a-]$  ;;  - a  ;;  b
    ^[^-a]$  ;;  b  ;;  - a
    ^[a^]$  ;;  a ^  ;;  b
    ^[^^]$  ;;  a  ;;  ^
    ^[.*+?(){}|$]$  ;;  . * + ? ( ) { } | $  ;;  a
    ^[\-\[\]\\\^]$  ;;  - [ ] \ ^  ;;  a
    ^[+-\-]$  ;;  + , -  ;;  .
    ^[a&&b]$  ;;  a b &  ;;  c
    ^[a||b]$  ;;  a b |  ;;  c
    ^[a~~b]$  ;;  a b ~  ;;  c
    ^[#-%]$  ;;  # $ %  ;;  &
    ^[a-z-[aeiou]]$  ;;  b z  ;;  a e B
    ^[^a-z-[0-9]]$  ;;  A -  ;;  a 5
    ^[\w-[\d]]$  ;;  a  ;;  5 _
    ^[a-z-[^aeiou]]$  ;;  a e  ;;  b 1
    ^[a-z-[b-y-[m]]]$  ;;  a m z  ;;  b n y
    ^[-a-[a]]$  ;;  -  ;;  a
    ^\d$  ;;  0 9 ٣ ९  ;;  a ² ½
    ^\D$  ;;  a ²  ;;  0 ٣
    ^\s$  ;;  ␣ ↵ ←  ;;  a U+00A0
    ^\S$  ;;  a U+00A0  ;;  ␣ ↵
    ^\w$  ;;  a Z 5 é բ ა я + $ <  ;;  _ - . ␣ ↵ ! « U+200B
    ^\W$  ;;  _ - . ␣ ! «  ;;  a + 5
    ^[\w_]$  ;;  a _  ;;  -
    ^[^\w]$  ;;  _ -  ;;  a
    ^[\W\d]$  ;;  _ 5  ;;  a
    ^\i$  ;;  a _ : բ  ;;  1 - . ·
    ^\I$  ;;  1 - .  ;;  a _
    ^\c+$  ;;  a-1.· x:y  ;;  a␣b !
    ^\C$  ;;  ␣ !  ;;  a -
    ^\i\c*$  ;;  name _n-1 բ5  ;;  1a -a
    ^[\i-[:]][\c-[:]]*$  ;;  a1  ;;  a:b
    ^\n$  ;;  ↵  ;;  n
    ^\p{L}$  ;;  a Z բ 中  ;;  1 _
    ^\p{Lu}$  ;;  A Բ  ;;  a բ
    ^\p{Ll}+$  ;;  abc բգդ  ;;  Abc
    ^\P{L}$  ;;  1 _  ;;  a
    ^[\p{Lu}\p{Nd}]$  ;;  A 1  ;;  a
    ^[^\p{L}]$  ;;  1  ;;  a
    ^\p{N}$  ;;  1 ½ Ⅷ  ;;  a
    ^\p{P}$  ;;  . ! _ «  ;;  a +
    ^\p{Sc}$  ;;  $ € ֏  ;;  a
    ^\p{Zs}$  ;;  ␣  ;;  ↵
    ^\p{Cc}$  ;;  ↵  ;;  a
    ^\p{Mn}$  ;;  U+0301  ;;  e
    ^\p{IsBasicLatin}$  ;;  a ~  ;;  é բ
    ^\P{IsBasicLatin}$  ;;  é բ  ;;  a
    ^\p{IsLatin-1Supplement}$  ;;  é  ;;  a
    ^\p{IsLatinExtended-A}$  ;;  ł  ;;  l
    ^\p{IsGreek}$  ;;  β  ;;  a
    ^\p{IsArmenian}$  ;;  բ և  ;;  a
    ^\p{IsGeorgian}$  ;;  ა  ;;  a
    ^\p{IsCyrillic}$  ;;  я  ;;  a
    ^[\p{IsArmenian}\d]+$  ;;  բ1  ;;  a1
    ^\p{IsCJKUnifiedIdeographs}$  ;;  中  ;;  a
    ^(a)\1$  ;;  aa  ;;  a ab
    ^(a)(b)\2\1$  ;;  abba  ;;  abab
    ^((a)b)\2\1$  ;;  abaab  ;;  abaa
    ^(a)?\1b$  ;;  aab b  ;;  ab
    ^(a)\10$  ;;  aa0  ;;  a0
    ^(?:a)(b)\1$  ;;  abb  ;;  aba
    ^(a)|b\1$  ;;  a b  ;;  x
    ^(a*?)(a*)$  ;;  aaa  ;;  b
    ^a+?b$  ;;  aab  ;;  b
    ^a??$  ;;  a ∅  ;;  aa
    ^a{1,3}?$  ;;  a aaa  ;;  aaaa
    ^(?:ab)+$  ;;  abab  ;;  aba
    ^^a$$  ;;  a  ;;  aa
    (^a|b$)  ;;  ab xb  ;;  xa bx
    ^🐎$  ;;  🐎  ;;  a
    ^[🐀-🐟]$  ;;  🐎  ;;  a
    ^.$  ;;  🐎  ;;  ab
"""
SIGNS = str.maketrans({"␣": " ", "↵": "\n", "←": "\r"})


def _cases():
    cases = []
    for line in filter(None, map(str.strip, FINDS.splitlines())):
        pattern, found, missed = (part.strip() for part in f"{line} ".split(" ;; "))
        for texts, expected in ((found, True), (missed, False)):
            cases += [
                pytest.param(pattern, _plain(text), expected, id=f"{pattern} in {text}")
                for text in texts.split()
            ]
    return cases


def _plain(text):
    code = text.partition("U+")[2]
    if code:
        return chr(int(code, 16))
    return "" if text == "∅" else text.translate(SIGNS)


def matches(text, pattern, flags=None):
    scope = {"text": text, "pattern": pattern, "flags": flags}
    return compile_expression("matches(text, pattern, flags)").evaluate(scope)


@pytest.mark.parametrize(("pattern", "text", "expected"), _cases())
def test_patterns_find(pattern, text, expected):
    assert matches(text, pattern) is expected


NO_PATTERNS = r"""
    ( ) a) (a (a)) [ ] [a a] [a]] [] [^] [[a] [a[b] [a-[b] [a-[b]c] [z-a] [a-\d] [\d-z] [a-c-e]
    [a--b] * ? + {2} *a |* (*) a** a*+ a++ a?+ a*?? a{2}{3} a{2}* a*{2} a{2}+ a{ a{} a{,2} a{2
    a{2,1} a{a} a{1,b} a{-1} a{1,2,3} a{٢} a} } \ a\ \1 (a)\2 (a\1) \0 (\1a) [\1] \a \b \B \A \Z
    \z \e \f \v \x41 \u0041 \U00000041 \N{BULLET} \h \R \X \K \G \L \Q \E \# \' \/ \< \_ \pL
    \p{} \p{Lx} \p{L \p \P{Latin} \p{Greek} \p{IsNowhere} \p{Is} \p{Cs} \p{L&} \p{^L}
    \p{Alphabetic} [\p{Xy}] (?=a) (?!a) (?<=a) (?<!a) (?<n>a) (?P<n>a) (?P=n) (?i) (?i:a) (?#a)
    (?>a) (?|a) (?(1)a) (?R) (?:a (?a) (? a{99999} ((a{99}){99}){99}
"""


@pytest.mark.parametrize("pattern", NO_PATTERNS.split())
def test_what_is_no_pattern_of_xpath_is_null(pattern):
    assert matches("a", pattern) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        matches("foobar", "^fo*b") => true
        matches("FOOBAR", "^fo*b", "i") => true
        matches("foobar", "") => true
        matches("", "") => true
        matches("foobar", "^Fo*bar", "i") => true
        matches(input: "foobar", pattern: "^fo*b") => true
        matches(flags: "i", pattern: "^FO*b", input: "foobar") => true
        matches("foobar", "^fo*b", null) => true
        matches("foobar", "^fo*b", "") => true
        matches(["foobar"], ["^fo*b"], ["i"]) => true
        # s: a dot stands for line ends too. m: anchors at lines.
        matches("a\nb", "a.b") => false
        matches("a\nb", "a.b", "s") => true
        matches("a\rb", "a.b") => false
        matches("a\rb", "a.b", "s") => true
        matches("a\nb", "^b") => false
        matches("a\nb", "^b", "m") => true
        matches("a\nb", "a$") => false
        matches("a\nb", "a$", "m") => true
        matches("a\n", "a$") => false
        matches("a\n", "a$", "m") => true
        matches("a\n", "^$", "m") => false
        matches("a\n\nb", "^$", "m") => true
        matches("a\nb", "a.^b$", "sm") => true
        matches("a\nb", "^a$.^b$", "msi") => true
        # i: single characters and ranges; never categories.
        matches("Բ", "բ", "i") => true
        matches("ж", "[Ж-Я]", "i") => true
        matches("i", "^[A-Z-[IO]]$", "i") => false
        matches("a", "^[A-Z-[IO]]$", "i") => true
        matches("q", "^[^Q]$", "i") => false
        matches("abAB", "^(ab)\\1$", "i") => true
        matches("a", "^\\p{Lu}$", "i") => false
        matches("A", "^\\p{Lu}$", "i") => true
        matches("a", "^[\\p{Lu}]$", "i") => false
        matches("B", "^[\\p{Ll}b]$", "i") => true
        matches("a", "^[^\\p{Lu}]$", "i") => true
        matches("A", "^[^\\p{Lu}]$", "i") => false
        matches("straße", "STRASSE", "i") => false
        matches("\u212A", "k", "i") => true
        # x: white space is left out but in classes.
        matches("helloworld", "hello world", "x") => true
        matches("helloworld", "hello[ ]world", "x") => false
        matches("hello world", "hello[ ]world", "x") => true
        matches("hello world", "hello\\ sworld", "x") => true
        matches("hello world", "hello world", "x") => false
        matches("ab", "a\n\t b", "x") => true
        matches("aab", "a {2} b", "x") => true
        matches("a]b", "a [^\\] ] b", "x") => false
        # q: no character is special, and the other flags but i do nothing.
        matches("a.b", "a.b", "q") => true
        matches("axb", "a.b", "q") => false
        matches("A.B", "a.b", "qi") => true
        matches("a b", "a b", "qx") => true
        matches("a\\", "\\", "q") => true
        matches("a", "(", "q") => false
        matches("a", "a", "ii") => true
        matches("a", "a", "smixq") => true
        matches("a", "a", "g") => null
        matches("a", "a", "I") => null
        matches("a", "a", " ") => null
        matches("a", "(", "") => null
        matches("a", 1) => null
        matches(1, "a") => null
        matches(null, "a") => null
        matches("a", null) => null
        matches("a", "a", 1) => null
        matches("a") => null
        matches("a", "a", "i", "i") => null
        matches() => null
        matches(string: "a", pattern: "a") => null
        matches(input: "a") => null
    """),
)
def test_matches(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        replace("banana","a","o") => "bonono"
        replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") => "[1=ab][2=]cd"
        replace("abracadabra", "bra", "*") => "a*cada*"
        replace("abracadabra", "a.*a", "*") => "*"
        replace("abracadabra", "a.*?a", "*") => "*c*bra"
        replace("abracadabra", "a", "") => "brcdbr"
        replace("abracadabra", "a(.)", "a$1$1") => "abbraccaddabbra"
        replace("AAAA", "A+", "b") => "b"
        replace("AAAA", "A+?", "b") => "bbbb"
        replace("darted", "^(.*?)d(.*)$", "$1c$2") => "carted"
        replace("reluctant", "r.*?t", "X") => "Xant"
        replace("xyz", "a", "b") => "xyz"
        replace("", "a", "b") => ""
        replace("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3") => "(012) 345-6789"
        replace("abc", "b", "[$0]") => "a[b]c"
        replace("abc", "(b)", "$1$1$0") => "abbbc"
        replace("abc", "b", "\\$") => "a$c"
        replace("abc", "b", "\\\\") => "a\c"
        replace("abc", "b", "$1") => "ac"
        replace("abc", "b", "$9") => "ac"
        replace("abc", "b", "$10") => "a0c"
        replace("abcdefghijkl", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)", "$12$1") => "la"
        replace("abc", "(b)", "$12") => "ab2c"
        replace("abc", "(b)", "$01") => "abc"
        replace("a🐎b", ".", "x") => "xxx"
        replace("Բբգ", "\\p{IsArmenian}", "-") => "---"
        replace("a.b", ".", "x", "q") => "axb"
        replace("a.b", ".", "$1\\", "q") => "a$1\b"
        replace("ABC", "b", "x", "i") => "AxC"
        replace("a b", " ", "") => "ab"
        replace("a\nb", "^", "x", "m") => null
        replace("a\nb\nc", "^b$", "x", "m") => "a↵x↵c"
        replace(input: "abc", pattern: "b", replacement: "x") => "axc"
        replace(flags: "i", input: "ABC", replacement: "x", pattern: "b") => "AxC"
        replace(["abc"], ["b"], ["x"]) => "axc"
        # A pattern that finds nothing at all, or a stray sign in the replacement, is an error.
        replace("abracadabra", ".*?", "$1") => null
        replace("abc", "", "x") => null
        replace("abc", "x*", "-") => null
        replace("abc", "(x?)", "-") => null
        replace("abc", "^", "-") => null
        replace("abc", "$", "-") => null
        replace("abc", "", "x", "q") => null
        replace("abc", "b", "$") => null
        replace("abc", "b", "$x") => null
        replace("abc", "b", "$²") => null
        replace("abc", "b", "\\") => null
        replace("abc", "b", "\\n") => null
        replace("abc", "b", "\\1") => null
        replace("abc", "(", "x") => null
        replace("abc", "b", "x", "g") => null
        replace("abc", "x", "$") => null
        replace("abc", "b", 1) => null
        replace("abc", "b", null) => null
        replace("abc", null, "x") => null
        replace(null, "b", "x") => null
        replace(1, "1", "x") => null
        replace("abc", "b", "x", 1) => null
        replace("abc", "b") => null
        replace("abc", "b", "x", "i", "j") => null
        replace() => null
        replace(input: "abc", pattern: "b", with: "x") => null
    """),
)
def test_replace(text, expected):
    assert shown(text).replace("\n", "↵") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        split("John Doe", "\\s") => ["John", "Doe"]
        split("a;b;c;;", ";") => ["a", "b", "c", "", ""]
        split(";a", ";") => ["", "a"]
        split("a", ";") => ["a"]
        split("", ";") => [""]
        split("a1b22c", "\\d+") => ["a", "b", "c"]
        split("a, b;c", "[,;]\\s*") => ["a", "b", "c"]
        split("a|b", "\\|") => ["a", "b"]
        split("abc", "(b)") => ["a", "c"]
        split("a🐎b", "🐎") => ["a", "b"]
        split("aXbxc", "x") => ["aXb", "c"]
        split(string: "a;b", delimiter: ";") => ["a", "b"]
        split(delimiter: ";", string: "a;b") => ["a", "b"]
        split(["a;b"], [";"]) => ["a", "b"]
        split("abc", "") => null
        split("abc", "x*") => null
        split("abc", "^") => null
        split("abc", "(") => null
        split("abc", null) => null
        split(null, ";") => null
        split("a;b", 1) => null
        split(1, ";") => null
        split("a;b") => null
        split("a;b", ";", "i") => null
        split() => null
        split(string: "a;b", pattern: ";") => null
    """),
)
def test_split(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize("name", ["matches", "replace", "split"])
def test_a_pattern_without_end_is_stopped(name):
    more = ', "x"' if name == "replace" else ""
    slow = compile_expression(f'{name}(text, "^(a|aa|aaa)+$"{more})')
    with pytest.raises(FeelBudgetExceeded) as stopped:
        slow.evaluate({"text": "a" * 60 + "b"})
    assert stopped.value.bound is Bound.TIME
