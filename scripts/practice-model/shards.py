"""Spoken sentences on disk: NAME.mel, float16 frames one after the other, and NAME.pickle, a list of `Utterance`."""

import pickle
from dataclasses import dataclass

import numpy as np

from sound import MELS


@dataclass
class Utterance:
    """A spoken sentence in a shard; times in seconds from its first frame."""

    first: int  # frame of the shard
    frames: int
    words: list  # as written
    spans: np.ndarray  # [words, 2]
    sounds: list  # (number in `voices.SOUNDS`, start, end)
    voice: str
    kind: str  # the file of lines it came from


def write(path, mels, utterances):
    """Writes a shard; it counts as there once its index is."""
    np.concatenate(mels).tofile(path.with_suffix(".mel"))
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(pickle.dumps(utterances))
    unfinished.rename(path.with_suffix(".pickle"))


def read(index):
    """Pairs of frames (mapped, not loaded) and `Utterance` of the shard with this index."""
    mel = np.memmap(index.with_suffix(".mel"), np.float16, "r").reshape(-1, MELS)
    return [(mel[u.first : u.first + u.frames], u) for u in pickle.loads(index.read_bytes())]
