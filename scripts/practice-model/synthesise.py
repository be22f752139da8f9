"""Speaks sentences and keeps their mel frames, with the times of words and sounds.

    synthesise.py --lines FOLDER --out FOLDER --name a --voices en-us:5,kal16:1 --hours 10

Writes shards NAME-000.mel (float16 frames) and NAME-000.pickle (see `shards`). A shard stands when both are there, so
training may read while this writes; run again, it goes on behind the last shard.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np

import ggml
import numerals
import shards
from shards import Utterance
from sound import FRAME, log_mel
from voices import RATE_HZ, Voices

SHARD_MINUTES = 20
LONGEST_SECONDS = 16
MARGIN_S = 0.06


def utter(line, voice, voices, chance, filters):
    """Mel frames and the `Utterance` of a marked line; None where the voice cannot say it."""
    units = numerals.units(line)
    speech = voices.speak(voice, " ".join(said for said, _ in units), chance)
    counts = [len(said.split()) for said, _ in units]
    if speech is None or len(speech.words) != sum(counts) or not 0.2 < len(speech.samples) / RATE_HZ < LONGEST_SECONDS:
        return None
    ends = np.cumsum(counts)
    spans = np.array([(speech.words[end - count][0], speech.words[end - 1][1]) for end, count in zip(ends, counts)])
    loudest = np.abs(speech.samples).max()
    if loudest < 1e-3 or spans.min() < 0:
        return None
    first = int(max(0.0, spans[0, 0] - MARGIN_S) * RATE_HZ) // FRAME * FRAME
    last = int(min(len(speech.samples), (spans[-1, 1] + MARGIN_S) * RATE_HZ))
    mel = log_mel(speech.samples[first:last] * (0.5 / loudest), filters).astype(np.float16)
    if len(mel) < 12:
        return None
    since = first / RATE_HZ
    sounds = [(sound, start - since, end - since) for sound, start, end in speech.sounds]
    return mel, Utterance(0, len(mel), [written for _, written in units], (spans - since).astype(np.float32), sounds, voice, "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--lines", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--name", required=True, help="of this worker; its seed too")
    arguments.add_argument("--voices", required=True, help="voice:weight,...")
    arguments.add_argument("--kinds", default="answers:32,general:62,commands:6", help="files of lines and their weights")
    arguments.add_argument("--hours", type=float, required=True)
    arguments.add_argument("--model", default=str(Path(__file__).resolve().parents[2] / "models/ggml-practice.en-q8_0.bin"))
    options = arguments.parse_args()
    weighted = lambda text: zip(*((name, float(weight)) for name, weight in (part.split(":") for part in text.split(","))))
    (names, weights), (kinds, kind_weights) = map(list, weighted(options.voices)), map(list, weighted(options.kinds))
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    shard = len(list(out.glob(f"{options.name}-*.pickle")))
    chance = random.Random(f"{options.name} {shard}")
    filters, voices = ggml.read_head(options.model).filters, Voices()
    lines = {kind: (Path(options.lines) / f"{kind}.txt").read_text().splitlines() for kind in kinds}
    # Each worker goes through all lines in an order of its own before it says one twice.
    queues = {kind: [] for kind in kinds}
    said, began = shard * SHARD_MINUTES / 60, time.time()
    while said < options.hours:
        mels, utterances, frames = [], [], 0
        while frames < SHARD_MINUTES * 6000:
            kind = chance.choices(kinds, kind_weights)[0]
            if not queues[kind]:
                queues[kind] = chance.sample(lines[kind], len(lines[kind]))
            voice = chance.choices(names, weights)[0]
            spoken = utter(queues[kind].pop(), voice, voices, chance, filters)
            if spoken is None:
                continue
            mel, utterance = spoken
            utterance.first, utterance.kind = frames, kind
            mels.append(mel)
            utterances.append(utterance)
            frames += len(mel)
        shards.write(out / f"{options.name}-{shard:03}", mels, utterances)
        said, shard = said + frames / 360_000, shard + 1
        print(f"{options.name}: {said:.1f} h after {(time.time() - began) / 60:.0f} min", flush=True)


if __name__ == "__main__":
    main()
