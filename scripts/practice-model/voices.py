"""The voices: espeak-ng and flite, called in their libraries, with the time of every word and sound.

`speak(voice, text, rate, chance)` gives a `Speech`. Word times are per word of `text` as split at spaces.
"""

import ctypes
import re
from dataclasses import dataclass

import numpy as np
import soxr

RATE_HZ = 16_000
FLITE = ("slt", "rms", "awb", "kal16")
VARIANTS = tuple(f"{sex}{n}" for sex, count in (("m", 7), ("f", 5)) for n in range(1, count + 1))

# The sounds the encoder is taught to tell apart. Their order is part of a checkpoint.
SOUNDS = ("sil aa ae ah ao aw ax axl ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh other").split()
# espeak-ng's names of sounds; where it has the same name as the list above there is no entry.
ESPEAK = dict(pair.split("=") for pair in (
    "a=ae aa=ae a#=ax @=ax @2=ax @5=ax I2=ih I#=ih I=ih i=iy i:=iy 3=er 3:=er @L=axl V=ah O@=ao o@=ao O:=ao O=ao 0=aa A:=aa A@=aa "
    "A~=aa aI=ay aI@=ay aI3=ay aU=aw aU@=aw eI=ey E=eh e@=eh oU=ow OI=oy u:=uw U=uh U@=uh ju:=uw tS=ch dZ=jh D=dh T=th S=sh Z=zh "
    "N=ng j=y t#=t t2=t d#=d r-=er h=hh i@=iy i@3=iy x=k ?=t l#=l z#=z n-=n m-=m").split())
SOUND = {name: number for number, name in enumerate(SOUNDS)}


@dataclass
class Speech:
    """A spoken text; all times in seconds."""

    samples: np.ndarray  # float32, 16 kHz
    words: list  # (start, end) of each word
    sounds: list  # (number in SOUNDS, start, end)


class _Event(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("id", ctypes.c_uint), ("position", ctypes.c_int), ("length", ctypes.c_int),
                ("at_ms", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p), ("name", ctypes.c_char * 8)]


class Espeak:
    """espeak-ng; one in a process."""

    WORD, SOUND, END = 1, 7, 0
    _callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))

    def __init__(self):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        synchronous, sound_events = 2, 1
        self.rate_hz = self.library.espeak_Initialize(synchronous, 0, None, sound_events)
        self.samples, self.words, self.sounds = [], [], []
        self.hear = self._callback(self._hear)
        self.library.espeak_SetSynthCallback(self.hear)

    def _hear(self, samples, count, events):
        if samples and count > 0:
            self.samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        i = 0
        while events[i].kind != self.END:
            event = events[i]
            if event.kind == self.WORD:
                self.words.append((event.position - 1, event.at_ms / 1000))
            elif event.kind == self.SOUND:
                self.sounds.append((event.name.decode("latin1"), event.at_ms / 1000))
            i += 1
        return 0

    def speak(self, voice, text, words_a_minute, pitch, spread):
        """Speaks with a voice such as `en-us+m3`; pitch and its spread 0 to 99, 50 is usual."""
        self.samples, self.words, self.sounds = [], [], []
        # The library knows British English by this name only, and keeps the last voice where it does not know one.
        if self.library.espeak_SetVoiceByName(voice.replace("en-gb", "en").encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        for parameter, value in ((1, words_a_minute), (3, pitch), (4, spread)):
            self.library.espeak_SetParameter(parameter, int(value), 0)
        said = text.encode()
        self.library.espeak_Synth(said, len(said) + 1, 0, 1, 0, 1, None, None)
        self.library.espeak_Synchronize()
        if not self.samples:
            return None
        samples = np.concatenate(self.samples).astype(np.float32) / 32768
        samples = soxr.resample(samples, self.rate_hz, RATE_HZ, quality="MQ")
        length = len(samples) / RATE_HZ
        ends = [at for _, at in self.sounds[1:]] + [length]
        named = [(_espeak_sound(name), start, end) for (name, start), end in zip(self.sounds, ends)]
        return Speech(samples, self._word_times(text, named, length), named)

    def _word_times(self, text, sounds, length):
        places = [match.span() for match in re.finditer(r"\S+", text)]
        starts = [None] * len(places)
        for position, at in self.words:
            for i, (first, end) in enumerate(places):
                if first <= position < end:
                    starts[i] = at if starts[i] is None else min(at, starts[i])
        starts[0] = starts[0] or 0.0
        last_sound = max((end for sound, _, end in sounds if sound), default=length)
        # espeak-ng says some words as one ("of the") and reports the first; the others share its time by their letters.
        i = 1
        while i < len(starts):
            if starts[i] is not None:
                i += 1
                continue
            after = next((j for j in range(i, len(starts)) if starts[j] is not None), len(starts))
            until = starts[after] if after < len(starts) else last_sound
            letters = np.cumsum([end - first for first, end in places[i - 1 : after]])
            begin = starts[i - 1]
            for j in range(i, after):
                starts[j] = begin + (until - begin) * letters[j - i] / letters[-1]
            i = after
        times = []
        for start, end in zip(starts, [*starts[1:], length]):
            voiced = [to for sound, since, to in sounds if sound and since < end - 1e-4 and to > start + 1e-4]
            times.append((start, max(start + 0.02, min(end, voiced[-1] if voiced else end))))
        return times


def _espeak_sound(name):
    if not name or name[0] in "_|":
        return 0
    return SOUND.get(ESPEAK.get(name, name), SOUND["other"])


class _Wave(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_char_p), ("rate_hz", ctypes.c_int), ("count", ctypes.c_int), ("channels", ctypes.c_int),
                ("samples", ctypes.POINTER(ctypes.c_short))]


class Flite:
    """flite's four voices of 16 kHz."""

    def __init__(self):
        load = lambda name: ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
        self.library = load("libflite.so.1")
        load("libflite_usenglish.so.1")
        load("libflite_cmulex.so.1")
        item, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float
        for name, result, arguments in (
            ("flite_synth_text", item, (text, item)), ("utt_wave", ctypes.POINTER(_Wave), (item,)),
            ("utt_relation", item, (item, text)), ("relation_head", item, (item,)), ("item_next", item, (item,)),
            ("item_daughter", item, (item,)), ("item_feat_float", number, (item, text)), ("item_feat_string", text, (item, text)),
            ("ffeature_float", number, (item, text)), ("delete_utterance", None, (item,)), ("item_feats", item, (item,)),
            ("feat_set_float", None, (item, text, number)),
        ):
            function = getattr(self.library, name)
            function.restype, function.argtypes = result, arguments
        self.library.flite_init()
        self.voices = {}

    def _voice(self, name):
        if name not in self.voices:
            register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
            register.restype, register.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
            self.voices[name] = register(None)
        return self.voices[name]

    def _items(self, utterance, relation):
        item = self.library.relation_head(self.library.utt_relation(utterance, relation))
        while item:
            yield item
            item = self.library.item_next(item)

    def speak(self, voice, text, stretch):
        """Speaks with one of `FLITE`; `stretch` 1.2 is a fifth slower than usual."""
        flite, loaded = self.library, self._voice(voice)
        # A voice begins with its name and then its features (struct cst_voice).
        features = ctypes.cast(loaded, ctypes.POINTER(ctypes.c_void_p))[1]
        flite.feat_set_float(features, b"duration_stretch", stretch)
        utterance = flite.flite_synth_text(text.encode(), loaded)
        wave = flite.utt_wave(utterance).contents
        samples = np.ctypeslib.as_array(wave.samples, (wave.count,)).astype(np.float32) / 32768
        if wave.rate_hz != RATE_HZ:
            samples = soxr.resample(samples, wave.rate_hz, RATE_HZ, quality="MQ")
        words = []
        for token in self._items(utterance, b"Token"):
            start, end, word = None, 0.0, flite.item_daughter(token)
            while word:
                first = flite.ffeature_float(word, b"R:SylStructure.daughter1.daughter1.R:Segment.p.end")
                end = max(end, flite.ffeature_float(word, b"R:SylStructure.daughtern.daughtern.R:Segment.end"))
                start = first if start is None else min(start, first)
                word = flite.item_next(word)
            words.append((start or 0.0, max(end, (start or 0.0) + 0.02)))
        sounds, since = [], 0.0
        for segment in self._items(utterance, b"Segment"):
            name, end = flite.item_feat_string(segment, b"name").decode(), flite.item_feat_float(segment, b"end")
            sounds.append((0 if name == "pau" else SOUND.get(name, SOUND["other"]), since, end))
            since = end
        flite.delete_utterance(utterance)
        return Speech(samples, words, sounds) if len(words) == len(text.split()) else None


class Voices:
    """Every voice, with rates and pitch by chance."""

    def __init__(self):
        self.espeak, self.flite = Espeak(), Flite()

    def speak(self, voice, text, chance):
        """`text` in one voice of `FLITE`, `en-us`, `en-gb` or `variant`; None where it cannot be said."""
        if voice in FLITE:
            # flite spells out "hmm"; "hum" is how it sounds.
            text = re.sub(r"\b([Hh])mm\b", r"\1um", text)
            stretch = 1.0 if chance.random() < 0.4 else chance.uniform(0.8, 1.25)
            return self.flite.speak(voice, text, stretch)
        name = f"{chance.choice(('en-us', 'en-us', 'en-gb'))}+{chance.choice(VARIANTS)}" if voice == "variant" else voice
        if chance.random() < 0.3:
            return self.espeak.speak(name, text, chance.choice((150, 160, 165, 175)), 50, 50)
        return self.espeak.speak(name, text, chance.randint(125, 210), chance.randint(20, 80), chance.randint(30, 70))
