"""What the voices say: one marked sentence a line (see `numerals`).

    texts.py --public FOLDER --out FOLDER

Ours: the banks, the labelled answers (without the writers kept for measuring), generated answers, spoken commands. In the public
domain: every `.txt` of `--public`. Fillers, repeats and restarts are put in afterwards and stay in the text, as a transcript for
Greenroom must have them.
"""

import argparse
import random
import re
from pathlib import Path

import answers
import ggml
import numerals
import tokens

ROOT = Path(__file__).resolve().parents[2]
# Writers nobody trains on, so that measuring with their answers means something.
KEPT_BACK = ("w03", "w80")
FILLERS = ("um", "uh", "er", "hmm")
FILLER_WEIGHTS = (40, 38, 12, 10)
LONGEST_WORDS = 24
# A token of a new network is needed so often in the texts; other words are spelled.
OFTEN = 60

COMMANDS = ("that's my answer", "that is my answer", "that was my answer", "this is my answer", "repeat the question",
            "can you repeat the question", "could you repeat the question", "next question", "the next question", "start over",
            "let me start over", "can I start over", "pause", "pause the recording", "resume", "resume the recording", "continue",
            "continue the recording", "stop the session", "stop this session", "end the session")


def sentences(text):
    """The sentences of running text that can be spoken, cleaned and marked."""
    text = text.translate(str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2014": ", ", "\u2013": ", ", ";": ","}))
    text = re.sub(r"--+", ", ", text)
    text = re.sub(r"[_*\"`#]|\[[^\]]*\]|\([^)]*\)", "", text)
    text = re.sub(r"\s+", " ", text).replace(" ,", ",")
    for sentence in re.split(r"(?<=[a-z0-9%)][.?!])\s+(?=[A-Z])|(?<=[a-z]):\s+(?=[A-Z])", text):
        sentence = re.sub(r",(\s*,)+", ",", sentence.replace(":", ",")).strip(" ,")
        if not re.fullmatch(r"[A-Z][A-Za-z0-9 ,.'?!$%\-]+", sentence) or re.search(r"[A-Z]{6}|\.\.|- | -|\b[A-Z]\.", sentence):
            continue
        if sentence[-1] not in ".?!":
            sentence += "."
        for part in _short(sentence):
            try:
                yield numerals.marked(part)
            except numerals.Unspeakable:
                continue


def _short(sentence):
    """`sentence`, or its parts between commas where it is long."""
    if len(sentence.split()) <= LONGEST_WORDS:
        return [sentence] if len(sentence.split()) >= 2 else []
    parts, last = [], []
    for clause in sentence.split(", "):
        if last and len(" ".join([*last, clause]).split()) > LONGEST_WORDS:
            parts.append(", ".join(last) + ",")
            last = []
        last.append(clause)
    parts.append(", ".join(last))
    return [part for part in parts if 2 <= len(part.split()) <= LONGEST_WORDS]


def banks():
    """Questions and answers of our own banks."""
    for path in sorted((ROOT / "content/banks").glob("*.md")):
        for line in path.read_text().splitlines():
            line = re.sub(r"^[#\-\d. ]*(Question \d+: )?|\*\*", "", line)
            if len(line.split()) > 3 and not re.match(r"(Tags|Level|Target|Kind|Frameworks)", line):
                yield from sentences(line[0].upper() + line[1:])


def labelled(writers=None):
    """Sentences of our own labelled answers: of `writers`, or of all but those kept back."""
    for path in sorted((ROOT / "content/labelled/star").glob("*.md")):
        if path.stem not in (writers or ()) and (writers or path.stem in KEPT_BACK):
            continue
        for answer in re.split(r"^## ", path.read_text(), flags=re.MULTILINE):
            spoken = " ".join(re.findall(r"^\[\w+\] (.*)", answer, re.MULTILINE))
            spoken = re.sub(r"[{}<>^]", "", spoken)
            if "style: raw" in answer:
                # Written as a recogniser without punctuation would: lower case, a bar where the speaker pauses.
                spoken = re.sub(r"\bi\b", "I", spoken)
                clauses = [clause.strip() for clause in spoken.split("|")]
                spoken = " ".join(clause[0].upper() + clause[1:] + "." for clause in clauses if clause)
            yield from sentences(spoken)


def public(folder):
    """Books and speeches in the public domain."""
    for path in sorted(Path(folder).glob("*.txt")):
        text = path.read_text("utf8", "replace")
        start = re.search(r"\*\*\* ?START OF TH.*", text)
        end = re.search(r"\*\*\* ?END OF TH", text)
        text = text[start.end() if start else 0 : end.start() if end else None]
        yield from sentences(text)


def commands(chance):
    """A spoken command, now and then with a word around it."""
    said = chance.choice(COMMANDS)
    if chance.random() < 0.25:
        said = chance.choice(("okay, ", "um, ", "so, ", "uh, ", "please ", "now ")) + said
    elif chance.random() < 0.1:
        said += chance.choice((", please", " please"))
    return said[0].upper() + said[1:] + ("?" if said.startswith(("can", "could")) else ".")


def with_fillers(line, chance, share=0.42):
    """`line` with one to three fillers in `share` of all cases."""
    if chance.random() > share:
        return line
    words = re.findall(r"\S*\{[^}]*\}\S*|\S+", line)
    for _ in range(chance.choices((1, 2, 3), (60, 30, 10))[0]):
        filler = chance.choices(FILLERS, FILLER_WEIGHTS)[0]
        at = 0 if chance.random() < 0.35 else chance.randint(0, len(words) - 1)
        if at == 0:
            if not re.match(r"I\b|I'|[A-Z]\w*[A-Z]|\{", words[0]):
                words[0] = words[0][0].lower() + words[0][1:]
            words.insert(0, filler.capitalize() + chance.choice((",", ",", ",", "")))
        else:
            if words[at - 1][-1].isalnum() and chance.random() < 0.75:
                words[at - 1] += ","
            words.insert(at, filler + chance.choice((",", ",", "")))
    return " ".join(words)


def with_restart(line, chance, share=0.06):
    """`line` with a word or two said twice in `share` of all cases."""
    words = line.split()
    if chance.random() > share or len(words) < 5 or "{" in line:
        return line
    at, count = chance.randint(0, len(words) - 4), chance.choice((1, 1, 2, 3))
    again = [word.rstrip(",.") for word in words[at : at + count]]
    if chance.random() < 0.5:
        again[-1] += ","
    words[at] = words[at] if words[at].startswith("I") or at else words[at][0].lower() + words[at][1:]
    return " ".join(words[:at] + again + words[at:])


def salad(vocabulary, chance):
    """Words in no order, which teaches to hear words and not to guess them."""
    words = [chance.choice(vocabulary) for _ in range(chance.randint(3, 9))]
    words = [word + "," if chance.random() < 0.12 else word for word in words]
    return (words[0][0].upper() + " ".join(words)[1:]).rstrip(",") + "."


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--public", required=True, help="folder with texts in the public domain")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--generated", type=int, default=20_000, help="sentences of generated answers")
    options = arguments.parse_args()
    chance = random.Random(5)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    ours = list(banks())
    spoken = list(labelled())
    generated = [answers.sentence(chance) for _ in range(options.generated)]
    general = sorted(set(public(options.public)))
    vocabulary = sorted({word for line in ours + spoken + general for word in re.findall(r"\b[a-z]{3,14}\b", line)})
    mixed = [salad(vocabulary, chance) for _ in range(len(general) // 12)]
    dressed = lambda lines, share: [with_fillers(with_restart(line, chance), chance, share) for line in lines]
    head = ggml.read_head(ROOT / "models/ggml-practice.en-q8_0.bin")
    written = (" ".join(written for _, written in numerals.units(line)) for line in ours + spoken + generated + general)
    (out / "used.txt").write_text("\n".join(map(str, tokens.choose(head.vocabulary, written, OFTEN))) + "\n")
    parts = {
        "answers": dressed(spoken, 0.42) + dressed(ours, 0.3) + dressed(generated, 0.42),
        "general": dressed(general, 0.25) + dressed(mixed, 0.2),
        "commands": [commands(chance) for _ in range(3000)],
    }
    for name, lines in parts.items():
        chance.shuffle(lines)
        (out / f"{name}.txt").write_text("\n".join(lines) + "\n")
        print(f"{name}: {len(lines)} sentences, {sum(len(line.split()) for line in lines)} words")


if __name__ == "__main__":
    main()
