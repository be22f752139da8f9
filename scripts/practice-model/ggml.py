"""The file format of whisper.cpp: what the recipe reads from it and writes to it.

A file is a header of twelve integers, the mel filters, the vocabulary, then one record a tensor. The filters and the vocabulary are
the same in every English model, so the practice model that lies in the repository is where the recipe takes them from.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAGIC = 0x67676D6C
F32, F16, Q8_0 = 0, 1, 8
# `ftype` of a file whose matrices are Q8_0: the kind, and 1000 for each version of ggml's quantisation.
FTYPE_Q8_0 = 2007
BLOCK = 32
# A half-precision scale, then 32 signed bytes.
Q8_0_BLOCK = np.dtype([("scale", "<f2"), ("numbers", "i1", BLOCK)])


@dataclass
class Head:
    """What stands before the tensors."""

    sizes: tuple  # n_vocab, n_audio_ctx, d, heads, layers, n_text_ctx, d, heads, layers, n_mels
    ftype: int
    filters: np.ndarray  # [mels, frequencies]
    vocabulary: list  # the bytes of each token


def read_head(path):
    """Header, filters and vocabulary of a model file."""
    with Path(path).open("rb") as file:
        return _head(file, path)


def read(path):
    """Head of a model file and its tensors by whisper.cpp's names, as 32-bit numbers."""
    with Path(path).open("rb") as file:
        head, tensors = _head(file, path), {}
        while start := file.read(12):
            dimensions, letters, kind = struct.unpack("<3i", start)
            shape = _integers(file, dimensions)[::-1]
            name, count = file.read(letters).decode(), math.prod(shape)
            if kind == Q8_0:
                blocks = np.frombuffer(file.read(count // BLOCK * Q8_0_BLOCK.itemsize), Q8_0_BLOCK)
                numbers = blocks["scale"][:, None].astype(np.float32) * blocks["numbers"]
            else:
                stored = np.dtype({F32: "<f4", F16: "<f2"}[kind])
                numbers = np.frombuffer(file.read(count * stored.itemsize), stored).astype(np.float32)
            tensors[name] = numbers.reshape(shape)
    return head, tensors


def _integers(file, count):
    return struct.unpack(f"<{count}i", file.read(4 * count))


def _head(file, path):
    magic, *sizes, ftype = _integers(file, 12)
    assert magic == MAGIC, f"{path} is no whisper.cpp model"
    mels, frequencies = _integers(file, 2)
    filters = np.frombuffer(file.read(4 * mels * frequencies), "<f4").reshape(mels, frequencies)
    vocabulary = [file.read(_integers(file, 1)[0]) for _ in range(_integers(file, 1)[0])]
    return Head(tuple(sizes), ftype, filters, vocabulary)


def q8_0(matrix):
    """Bytes of `matrix` in blocks of 32 numbers."""
    blocks = np.ascontiguousarray(matrix, np.float32).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    whole = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)
    record = np.empty(len(blocks), Q8_0_BLOCK)
    record["scale"] = scale[:, 0]
    # Away from zero at a half, as ggml rounds.
    record["numbers"] = np.copysign(np.floor(np.abs(whole) + 0.5), whole)
    return record.tobytes()


def write(path, head, tensors):
    """Writes a model; `tensors` maps whisper.cpp's names to (array, kind)."""
    with Path(path).open("wb") as file:
        put = lambda *numbers: file.write(struct.pack(f"<{len(numbers)}i", *numbers))
        put(MAGIC, *head.sizes, head.ftype)
        put(*head.filters.shape)
        file.write(head.filters.astype("<f4").tobytes())
        put(len(head.vocabulary))
        for token in head.vocabulary:
            put(len(token))
            file.write(token)
        for name, (array, kind) in tensors.items():
            put(array.ndim, len(name), kind, *reversed(array.shape))
            file.write(name.encode())
            file.write({F32: lambda a: a.astype("<f4").tobytes(), F16: lambda a: a.astype("<f2").tobytes(), Q8_0: q8_0}[kind](array))
