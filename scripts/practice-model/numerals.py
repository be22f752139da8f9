"""Numbers as they are spoken and as Whisper writes them.

Where the two differ a text carries both, `{forty percent|40%}`. Whisper writes one to nine as words and the rest in digits.
"""

import re

ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen").split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
BIG = ("thousand", "million", "billion", "trillion")
VALUE = {word: n for n, word in enumerate(ONES)} | {word: 10 * n for n, word in enumerate(TENS) if n > 1}


class Unspeakable(ValueError):
    """A number this module has no words for."""


def words(n):
    """`n`, at least 0, in words: 120 is "one hundred twenty"."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("" if n % 10 == 0 else " " + ONES[n % 10])
    if n < 1000:
        return ONES[n // 100] + " hundred" + ("" if n % 100 == 0 else " " + words(n % 100))
    if n < 1_000_000:
        return words(n // 1000) + " thousand" + ("" if n % 1000 == 0 else " " + words(n % 1000))
    raise Unspeakable(n)


def year(n):
    """A year in words: 1985 is "nineteen eighty five", 2008 "two thousand eight"."""
    if 2000 <= n < 2010:
        return words(n)
    century, rest = divmod(n, 100)
    return words(century) + " " + ("hundred" if rest == 0 else f"oh {words(rest)}" if rest < 10 else words(rest))


DIGITS = re.compile(
    r"(?P<money>\$)?(?P<whole>\d[\d,]*)(?:\.(?P<part>\d+))?(?P<unit> (?:thousand|million|billion|trillion)\b)?(?P<percent>%| percent\b)?"
    r"(?![\w$])"
)


def _digits(match):
    whole, part, unit = match["whole"].rstrip(","), match["part"], match["unit"] or ""
    comma = "," if match["whole"].endswith(",") else ""
    plain = not (match["money"] or part or unit or match["percent"])
    n = int(whole.replace(",", ""))
    if part:
        said = words(n) + " point " + " ".join(ONES[int(digit)] for digit in part)
    elif plain and "," not in whole and 1700 <= n < 2100:
        said = year(n)
    else:
        said = words(n)
    if plain and n < 10:
        return said + comma
    said += unit + (" dollars" if match["money"] else "") + (" percent" if match["percent"] else "")
    written = ("$" if match["money"] else "") + whole + (f".{part}" if part else "") + unit + ("%" if match["percent"] else "")
    return f"{{{said}|{written}}}{comma}"


NUMBER = "|".join(sorted(VALUE, key=len, reverse=True))
IN_WORDS = re.compile(
    rf"\b(?P<n>(?:{NUMBER}|a hundred)(?:[ -](?:(?:and )?(?:{NUMBER})|hundred|thousand))*)(?P<big> (?:million|billion|trillion)\b)?"
    rf"(?P<dollars> dollars\b)?(?P<percent> percent\b)?(?![\w-])", re.IGNORECASE)


def value(text):
    """The number that `text` is in words, or None where it is no single number ("one two")."""
    total = last = 0
    size = 10**9
    for word in re.split(r"[ -]", text.lower()):
        if word in ("and", "a"):
            last = last or int(word == "a")
        elif word == "hundred":
            if not 0 < last < 100:
                return None
            last, size = last * 100, 100
        elif word == "thousand":
            if not 0 < last < 1000 or total:
                return None
            total, last, size = last * 1000, 0, 1000
        else:
            n = VALUE[word]
            room = size if last or total else 10**9
            if last and not (n < 10 and last % 100 >= 20 and last % 10 == 0 or last % 100 == 0):
                return None
            if n >= room and last:
                return None
            last += n
    return total + last


def _in_words(match):
    n = value(match["n"])
    if n is None or n > 999_999:
        return match[0]
    small = n < 10 and not (match["percent"] or match["dollars"])
    if small or match["n"].lower() == "a hundred":
        return match[0]
    digits = f"{n:,}" if n >= 1000 else str(n)
    written = ("$" if match["dollars"] else "") + digits + (match["big"] or "") + ("%" if match["percent"] else "")
    return f"{{{match[0].replace('-', ' ')}|{written}}}"


def marked(text):
    """`text` with every number as it is spoken and written; raises `Unspeakable` where digits are left."""
    text = IN_WORDS.sub(_in_words, text)
    parts = re.split(r"(\{[^}]*\})", text)
    text = "".join(part if part.startswith("{") else DIGITS.sub(_digits, part) for part in parts)
    if re.search(r"[\d$%]", re.sub(r"\{[^}]*\}", "", text)):
        raise Unspeakable(text)
    return text


def units(line):
    """The words of a marked line as pairs (spoken, written)."""
    found = re.finditer(r"(?P<before>[^\s{]*)\{(?P<said>[^|}]*)\|(?P<written>[^}]*)\}(?P<after>[^\s{]*)|(?P<plain>\S+)", line)
    return [(m["plain"], m["plain"]) if m["plain"] else (m["before"] + m["said"] + m["after"], m["before"] + m["written"] + m["after"])
            for m in found]
