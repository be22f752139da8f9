"""Windows to learn from, composed of spoken sentences while training runs.

Greenroom hears pieces of 3 to 5 s cut at pauses, so most windows are parts of sentences; the rest reach up to the full 30 s. Noise,
room, loudness and colour are added to the mel frames, which is cheap and good enough.
"""

import random
from pathlib import Path

import numpy as np
import torch

import shards
from sound import FRAMES_A_SECOND, MELS, NOTHING, log_mel, scaled
from voices import RATE_HZ

WHOLE_FRAMES = 3000
# How often each voice is heard, whatever its share of the shards.
VOICES = {"en-us": 36, "en-gb": 15, "variant": 9, "slt": 9, "rms": 8, "awb": 12, "kal16": 11}
# (share of batches, shortest, longest speech in seconds)
STAGES = (
    # A new network learns to look at the right place from a word or two at a time, and hardly from sentences.
    ((70, 0.4, 2.0), (30, 1.0, 5.0)),
    ((60, 1.0, 6.0), (28, 5.0, 12.0), (12, 12.0, 29.0)),
    # Whole windows need most of it: the place is easily lost in the middle of one.
    ((27, 1.0, 6.0), (13, 5.0, 12.0), (28, 12.0, 25.0), (32, 24.0, 29.5)),
)
WORDS, SHORT, LONG = range(3)
WITH_TIMES = 0.25
NOTHING_SAID = 0.07
# Of windows up to 12 s: how many are filled up with silence to the whole 30 s, as public programs feed them.
FILLED_UP = 0.05


class Sentence:
    """An utterance ready to be put into windows; places are 20 ms, as the encoder has them."""

    __slots__ = ("mel", "words", "spans", "sounds", "gaps")

    def __init__(self, mel, utterance, tokens):
        self.mel = mel
        self.words = [tokens.encode(" " + word) for word in utterance.words]
        self.spans = utterance.spans
        self.sounds = np.zeros(len(mel) // 2, np.uint8)
        for sound, start, end in utterance.sounds:
            if end > 0:
                self.sounds[max(0, round(start * 50)) : round(end * 50)] = sound
        # Words a pause comes after, where Greenroom would cut.
        self.gaps = [i + 1 for i in range(len(self.spans) - 1) if self.spans[i + 1, 0] - self.spans[i, 1] > 0.12]

    def part(self, first, end):
        """Words `first` to `end`: mel, words, spans, sounds."""
        if first == 0 and end == len(self.words):
            return self.mel, self.words, self.spans, self.sounds
        start = max(0, int((self.spans[first, 0] - 0.05) * 50)) * 2
        stop = min(len(self.mel), int((self.spans[end - 1, 1] + 0.06) * 50 + 1) * 2)
        return self.mel[start:stop], self.words[first:end], self.spans[first:end] - start / 100, self.sounds[start // 2 : stop // 2]

    def piece(self, seconds, chance):
        """A part of at most `seconds`: mostly between pauses, else between any two words."""
        count = len(self.words)
        cuts = [0, *self.gaps, count]
        first = chance.choice(cuts[:-1]) if chance.random() < 0.75 else chance.randrange(count)
        ends = [end for end in range(first + 1, count + 1) if self.spans[end - 1, 1] - self.spans[first, 0] <= seconds]
        if not ends:
            return self.part(first, first + 1)
        at_pauses = [end for end in ends if end in cuts]
        end = at_pauses[-1] if at_pauses and chance.random() < 0.75 else chance.choice(ends[len(ends) // 2 :])
        return self.part(first, end)


class Windows:
    """Endless batches from the shards of a folder, which may still grow."""

    def __init__(self, folder, tokens, filters, seed):
        self.folder, self.tokens, self.seen = Path(folder), tokens, set()
        self.by_voice = {}
        self.chance, self.numbers = random.Random(seed), np.random.default_rng(seed)
        self.no_speech = [self._no_speech(filters) for _ in range(240)]
        self.stage = SHORT
        self.look()

    def look(self):
        """Takes in shards that have come since."""
        for index in sorted(self.folder.glob("*.pickle")):
            if index.name in self.seen:
                continue
            self.seen.add(index.name)
            for mel, utterance in shards.read(index):
                self.by_voice.setdefault(utterance.voice, []).append(Sentence(mel, utterance, self.tokens))

    def _no_speech(self, filters):
        """Mel frames of noise, hum, clicks or a little music."""
        numbers, count = self.numbers, RATE_HZ * 12
        time = np.arange(count) / RATE_HZ
        kind = self.chance.choice((0, 1, 2, 3, 3, 3))
        if kind == 0:
            spectrum = np.fft.rfft(numbers.standard_normal(count))
            sound = np.fft.irfft(spectrum / np.arange(1, len(spectrum) + 1) ** self.chance.uniform(0, 1))
        elif kind == 1:
            base = self.chance.uniform(40, 900)
            sound = sum(np.sin(2 * np.pi * base * (i + 1) * time + i) * self.chance.random() / (i + 1) for i in range(6))
        elif kind == 2:
            sound = np.zeros(count)
            for at in numbers.integers(0, count - 2000, self.chance.randint(3, 60)):
                sound[at : at + 2000] += numbers.standard_normal(2000) * np.exp(-np.arange(2000) / self.chance.uniform(20, 500))
        else:
            sound, at = np.zeros(count), 0
            while at < count - RATE_HZ:
                length = int(self.chance.uniform(0.12, 0.9) * RATE_HZ)
                notes = [220 * 2 ** (self.chance.randint(-12, 24) / 12) for _ in range(self.chance.randint(1, 3))]
                span = time[: length * 2]
                overtones = range(1, self.chance.choice((2, 3, 5)))
                tone = sum(np.sin(2 * np.pi * f * i * span) / i for f in notes for i in overtones)
                tone = (tone * np.exp(-span * self.chance.uniform(0.2, 6)))[: count - at]
                sound[at : at + len(tone)] += tone
                at += length
        sound = sound + numbers.standard_normal(count) * 1e-5
        return log_mel((sound / np.abs(sound).max()).astype(np.float32) * 0.5, filters)

    def _nothing(self, seconds):
        """As `window`, where nobody speaks."""
        frames = max(20, int(seconds * 50) * 2)
        if self.chance.random() < 0.3:
            mel = np.full((frames, MELS), NOTHING, np.float32)
        else:
            mel = np.resize(self.chance.choice(self.no_speech), (frames, MELS)) + self.chance.uniform(-5, 0.5)
        tokens = self.tokens
        return mel.astype(np.float32), [tokens.sot, tokens.no_times], [tokens.no_speech, tokens.eot], [None, None], []

    def window(self, seconds):
        """Mel, what the decoder reads, what it should write, where each written token is heard, and the sounds."""
        chance, tokens = self.chance, self.tokens
        if chance.random() < NOTHING_SAID:
            return self._nothing(seconds)
        voice = chance.choices(list(VOICES), list(VOICES.values()))[0]
        sentences = self.by_voice.get(voice) or self.by_voice["en-us"]
        silence = lambda frames: np.full((frames // 2 * 2, MELS), NOTHING, np.float32)
        parts, spoken = [silence(chance.choice((0, chance.randint(0, 20), chance.randint(10, 60))))], []
        frames = len(parts[0])
        goal = seconds * FRAMES_A_SECOND
        while True:
            room = (goal - frames) / FRAMES_A_SECOND
            sentence = chance.choice(sentences)
            length = len(sentence.mel) / FRAMES_A_SECOND
            whole = length <= room and chance.random() < 0.8
            piece = sentence.part(0, len(sentence.words)) if whole else sentence.piece(min(room, length), chance)
            if spoken and frames + len(piece[0]) > goal:
                break
            spoken.append((frames, piece))
            gap = silence(chance.choice((chance.randint(4, 30), chance.randint(15, 60), chance.randint(30, 160))))
            parts += [piece[0], gap]
            frames += len(piece[0]) + len(gap)
            if frames > goal - 60 or seconds < 5 and chance.random() < 0.7:
                break
        mel = np.concatenate(parts, dtype=np.float32)[:WHOLE_FRAMES]
        timed = chance.random() < WITH_TIMES
        target, heard, sounds = [], [], []
        time = lambda frame: tokens.first_time + min(1500, max(0, round(frame / 2)))
        for start, (_, words, spans, labels) in spoken:
            sounds.append((start // 2, labels))
            spans = spans * FRAMES_A_SECOND + start
            if timed:
                target.append(time(spans[0, 0]))
                heard.append((spans[0, 0] - 6, spans[0, 0] + 6))
            for word, (begin, end) in zip(words, spans):
                target.extend(word)
                heard.extend(self._shares(word, begin, end))
            if timed:
                target.append(time(spans[-1, 1]))
                heard.append((spans[-1, 1] - 6, spans[-1, 1] + 6))
        target.append(tokens.eot)
        heard.append(None)
        if timed:
            return mel, [tokens.sot, *target[:-1]], target, heard, sounds
        return mel, [tokens.sot, tokens.no_times, *target[:-1]], [tokens.no_times, *target], [None, *heard], sounds

    def _shares(self, word, begin, end):
        """The stretch of a word that each of its tokens is heard in, by letters."""
        letters = [sum(chr(byte).isalnum() for byte in self.tokens.piece(token)) for token in word]
        total, before, shares = max(1, sum(letters)), 0, []
        for count in letters:
            if count == 0 and before >= total:
                shares.append((end - 4, end + 8))
            else:
                shares.append((begin + (end - begin) * before / total, begin + (end - begin) * max(before + count, before + 0.5) / total))
            before += count
        return shares

    def _changed(self, mel):
        """`mel` as another room, microphone or place would give it."""
        chance = self.chance
        if chance.random() < 0.12:
            left, echo = np.zeros(MELS), 10 ** chance.uniform(-1.6, -0.7)
            keep, power = 10 ** (-6 * 0.01 / chance.uniform(0.15, 0.6)), 10**mel
            late = np.empty_like(power)
            for i, now in enumerate(power):
                late[i] = left
                left = keep * left + echo * now
            mel = np.log10(power + late)
        if chance.random() < 0.15:
            mel = mel + 0.05 * np.cumsum(self.numbers.standard_normal(MELS)) * chance.choice((1, -1))
        if chance.random() < 0.3:
            noise = mel.max() - chance.uniform(1.8, 6.0) + np.linspace(0, -chance.uniform(-0.3, 2), MELS)
            noise = noise + 0.25 * self.numbers.standard_normal(mel.shape, dtype=np.float32)
            mel = np.log10(10**mel + 10**noise)
        if chance.random() < 0.6:
            mel = mel + chance.uniform(-2.2, 0.6)
        return np.maximum(mel, NOTHING)

    def batch(self, seconds):
        """Tensors of windows of similar length, about `seconds` of sound in all."""
        chance = self.chance
        stages = STAGES[self.stage]
        _, shortest, longest = chance.choices(stages, [stage[0] for stage in stages])[0]
        around = chance.uniform(shortest, longest)
        filled = longest <= 12 and chance.random() < FILLED_UP
        count = max(2, int(seconds / (30 if filled else around + 0.7)))
        items = [self.window(max(shortest, around * chance.uniform(0.8, 1.0))) for _ in range(count)]
        items = [(scaled(self._changed(item[0])), *item[1:]) for item in items]
        frames = max(len(item[0]) for item in items) + 2 * chance.randint(5, 70)
        frames = WHOLE_FRAMES if filled else min(WHOLE_FRAMES, frames // 2 * 2)
        longest_text = max(len(item[1]) for item in items)
        mel = np.empty((count, frames, MELS), np.float32)
        read = np.full((count, longest_text), self.tokens.eot, np.int64)
        write = np.full((count, longest_text), -100, np.int64)
        places = np.zeros((2, count, longest_text), np.int64)
        sounds = np.zeros((count, frames // 2), np.int64)
        for i, (item, reads, writes, heard, labels) in enumerate(items):
            item = item[:frames]
            mel[i, : len(item)] = item
            # The program's own silence behind the piece: as quiet as Whisper's scaling lets it be.
            mel[i, len(item) :] = max(item.max() - 2, (NOTHING + 4) / 4)
            read[i, : len(reads)], write[i, : len(writes)] = reads, writes
            for j, span in enumerate(heard):
                if span is not None:
                    first = min(max(0, int((span[0] - 5) / 2)), frames // 2 - 2)
                    places[:, i, j] = first, min(max(first + 1, int((span[1] + 5) / 2) + 1), frames // 2)
            for start, label in labels:
                label = label[: frames // 2 - start]
                sounds[i, start : start + len(label)] = label
        tensor = torch.from_numpy
        return dict(mel=tensor(mel), read=tensor(read), write=tensor(write), places=tensor(places), sounds=tensor(sounds))
