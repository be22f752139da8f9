"""Text to tokens and back: GPT-2's vocabulary, of which the small model uses a part.

A word whose token is not in the part is written with the fewest pieces that are, down to single letters, so that any text can be
spelled. The network numbers the used tokens 0, 1, 2...; the special ones and the 1501 timestamps follow.
"""

import functools
from collections import Counter

import regex
import tiktoken

EOT, SOT, PREV, NO_SPEECH, NO_TIMES, FIRST_TIME = 50256, 50257, 50360, 50361, 50362, 50363
SPECIAL = (EOT, SOT, PREV, NO_SPEECH, NO_TIMES)
TIMES = 1501
PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


class Tokens:
    """The used part of a vocabulary."""

    def __init__(self, vocabulary, used):
        """`vocabulary`: bytes of each GPT-2 token; `used`: numbers of those the model may write, in order."""
        self.bytes = list(vocabulary[:EOT])
        self.used = list(used)
        self.place = {token: place for place, token in enumerate(self.used)}
        self._number = {piece: number for number, piece in enumerate(self.bytes)}
        self._pieces = {self.bytes[token] for token in self.used}
        self._gpt2 = tiktoken.Encoding("used", pat_str=PATTERN, mergeable_ranks=self._number, special_tokens={})
        count = len(self.used)
        self.eot, self.sot, self.prev, self.no_speech, self.no_times = range(count, count + 5)
        self.first_time = count + 5
        self.encode = functools.lru_cache(1 << 18)(self._encode)

    def _encode(self, text):
        """Places of the tokens of `text` (give a word with the space before it)."""
        places = []
        for word in regex.findall(PATTERN, text):
            whole = self._gpt2.encode(word)
            if not all(token in self.place for token in whole):
                whole = self._spelled(word.encode())
            places.extend(self.place[token] for token in whole)
        return tuple(places)

    def _spelled(self, word):
        """Fewest used pieces that make `word`; of two ways the one whose first piece is longer."""
        best = [None] * len(word) + [(0, ())]
        for start in range(len(word) - 1, -1, -1):
            for length in range(min(16, len(word) - start), 0, -1):
                piece, rest = word[start : start + length], best[start + length]
                if rest and piece in self._pieces and (best[start] is None or rest[0] + 1 < best[start][0]):
                    best[start] = (rest[0] + 1, (self._number[piece], *rest[1]))
        assert best[0], f"{word!r} cannot be spelled"
        return best[0][1]

    def piece(self, place):
        """Bytes of a used token."""
        return self.bytes[self.used[place]]


def choose(vocabulary, lines, at_least):
    """Tokens to use for a model that starts from nothing: those `lines` need `at_least` times, and all single letters."""
    gpt2 = tiktoken.Encoding("all", pat_str=PATTERN, mergeable_ranks={b: i for i, b in enumerate(vocabulary[:EOT])}, special_tokens={})
    counts = Counter(token for line in lines for token in gpt2.encode(" " + line))
    often = {token for token, count in counts.items() if count >= at_least}
    letters = {i for i, piece in enumerate(vocabulary[:EOT]) if len(piece) == 1 and 32 <= piece[0] < 127}
    return sorted(often | letters)
