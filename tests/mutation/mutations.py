"""Changes good files as a slip of the hand would, or a broken disk.

SPDX-License-Identifier: Apache-2.0

`changed(random, text, donors)` returns the text with one to three changes; `donors` are texts of the
same language from which pieces are taken.
"""
import re

WORD = re.compile(rb"[^\s\[\]{}(),=;]+")
SPECIAL = [b'"', b"'", b'"""', b"\\", b"[", b"]", b"[[", b"{", b"}", b"(", b")", b"=", b",", b".",
           b"#", b";", b"@", b"*", b"$", b"\n", b"\r\n", b"\t", b" ", b"\x00", b"\x7f", b"\xff",
           b"\xc3\xa9", b"\xe2\x80\x8b", b"\xef\xbb\xbf", b"-", b"1", b"0"]
WORDS = [b"-1", b"0", b"1e999", b"nan", b"inf", b"4294967296", b"9223372036854775807",
         b"99999999999999999999", b"true", b'""', b'"@"', b'"*"', b'"nearst"', b'"0s"', b'"60"',
         b'"1y"', b'"192.0.2.300"', b'"2001:db8::g"', b'"."', b'".."', b"any", b"type0", b"a",
         b"soa", b"ANY", b"IN", b"CH", b"TYPE0", b"$INCLUDE", b"$TTL", b"[91, 0]", b"[0, 181]",
         b"1979-05-27T07:32:00Z", b"x" * 64, b"x." * 127 + b"x"]


def lines_of(text):
    return text.split(b"\n")


def place(random, text):
    return random.randrange(len(text) + 1)


def drop_octets(random, text, _):
    at = place(random, text)
    return text[:at] + text[at + random.choice([1, 1, 1, 2, 5, 40]):]


def put_special(random, text, _):
    at = place(random, text)
    return text[:at] + random.choice(SPECIAL) + text[at:]


def change_octet(random, text, _):
    at = random.randrange(max(1, len(text)))
    return text[:at] + bytes([random.randrange(256)]) + text[at + 1:]


def swap_octets(random, text, _):
    at = random.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1:at + 2] + text[at:at + 1] + text[at + 2:]


def cut_off(random, text, _):
    return text[:place(random, text)]


def replace_word(random, text, donors):
    words = list(WORD.finditer(text))
    if not words:
        return text
    word = random.choice(words)
    other = random.choice(WORDS)
    if random.random() < 0.6:
        donor = random.choice(donors)
        found = WORD.findall(donor)
        other = random.choice(found) if found else other
    return text[:word.start()] + other + text[word.end():]


def change_lines(random, text, donors):
    """One line gone, twice, elsewhere, or from another file."""
    lines = lines_of(text)
    at = random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case 3:
            lines.insert(at, random.choice(lines_of(random.choice(donors))))
        case 4:
            lines[at:at + 1] = [lines[at] + b" " + (lines[at + 1] if at + 1 < len(lines) else b"")]
    return b"\n".join(lines)


def repeat_piece(random, text, _):
    at = place(random, text)
    piece = text[at:at + random.choice([1, 3, 20])]
    return text[:at] + piece * random.choice([2, 10, 300]) + text[at:]


def change_case(random, text, _):
    words = list(WORD.finditer(text))
    if not words:
        return text
    word = random.choice(words)
    return text[:word.start()] + word.group().swapcase() + text[word.end():]


KINDS = [drop_octets, put_special, change_octet, swap_octets, cut_off, replace_word, replace_word,
         replace_word, change_lines, change_lines, repeat_piece, change_case]


def changed(random, text, donors):
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        text = random.choice(KINDS)(random, text, donors)
    return text
