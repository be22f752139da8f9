"""Prints how good practice models are, through Greenroom's own transcriber.

    measure.py --work FOLDER MODEL.bin [MODEL.bin ...]

A column is named after the folder of its model; the file must have its name in the catalog, to be fed as the catalog says.
Speaks text that nobody trained on (`examples/spoken`, the labelled answers of the writers kept back) and gives it to
`cargo run --example wer`. `--rows` names the rows wanted.
"""

import argparse
import json
import random
import re
import subprocess
import wave
from pathlib import Path

import numpy as np

import texts
from voices import FLITE, RATE_HZ, Espeak

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("Next question.", "Repeat the question.", "That's my answer.", "Start over.", "Pause.", "Stop the session.")
COMMAND_VOICES = ("en-us", "en-us+f2", "en-gb", "slt", "rms", "awb")
RATES_PERCENT = (85, 100, 120)
PLAIN_WORDS_A_MINUTE = 160


def save(path, samples):
    """Writes samples (-1 to 1) as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


class Recordings:
    """Folders of recordings with their texts, each made once."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.espeak = Espeak()

    def _made(self, name):
        folder = self.folder / name
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        return folder, fresh

    def _speak(self, voice, path, text, rate=1.0):
        path.with_suffix(".txt").write_text(text + "\n")
        if voice in FLITE:
            command = ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / rate}", "-o", str(path.with_suffix(".wav"))]
            subprocess.run([*command, "-f", str(path.with_suffix(".txt"))], check=True)
        else:
            speech = self.espeak.speak(voice, text, PLAIN_WORDS_A_MINUTE * rate, 50, 50)
            save(path.with_suffix(".wav"), speech.samples)

    def read(self, source, voice):
        """The texts of a folder of `examples/spoken` in one voice."""
        folder, fresh = self._made(f"{source}-{voice}")
        for path in sorted((ROOT / "examples/spoken" / source).glob("*.txt")) if fresh else ():
            self._speak(voice, folder / path.stem, " ".join(path.read_text().split()))
        return folder

    def _kept_back(self):
        plain = (line for line in texts.labelled(texts.KEPT_BACK) if not re.search(r"[{\d-]", line))
        return [line for line in plain if line[-1] in ".?!" and len(line.split()) > 4]

    def fillers(self):
        """Sentences of writers nobody trained on, with fillers in every second."""
        folder, fresh = self._made("fillers")
        chance = random.Random(11)
        lines = chance.sample(self._kept_back(), 150) if fresh else []
        for i in range(0, len(lines), 10):
            text = " ".join(texts.with_fillers(line, chance, 0.5) for line in lines[i : i + 10])
            self._speak("en-us", folder / f"answer{i:03}", text)
        return folder

    def times(self):
        """Sentences with known word times."""
        folder, fresh = self._made("times")
        chance = random.Random(12)
        lines = chance.sample(self._kept_back(), 80) if fresh else []
        for i in range(0, len(lines), 8):
            parts, times, at = [np.zeros(8000, np.float32)], [], 0.5
            for line in lines[i : i + 8]:
                speech = self.espeak.speak("en-us", line, PLAIN_WORDS_A_MINUTE, 50, 50)
                pause = np.zeros(int(chance.uniform(0.2, 1.2) * RATE_HZ), np.float32)
                times += [f"{word} {at + start:.3f} {at + end:.3f}" for word, (start, end) in zip(line.split(), speech.words)]
                parts += [speech.samples, pause]
                at += (len(speech.samples) + len(pause)) / RATE_HZ
            path = folder / f"answer{i:03}"
            path.with_suffix(".txt").write_text(" ".join(lines[i : i + 8]) + "\n")
            path.with_suffix(".times").write_text("\n".join(times) + "\n")
            save(path.with_suffix(".wav"), np.concatenate(parts))
        return folder

    def commands(self):
        """Each command in every voice and rate, between the silence that a program which listens all the time hears around it."""
        folder, fresh = self._made("commands")
        for i, said in enumerate(COMMANDS if fresh else ()):
            for voice in COMMAND_VOICES:
                for rate in RATES_PERCENT:
                    path = folder / f"{i}-{voice}-{rate}"
                    self._speak(voice, path, said, rate / 100)
                    with wave.open(str(path.with_suffix(".wav"))) as file:
                        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
                    save(path.with_suffix(".wav"), np.pad(samples, RATE_HZ // 2))
        return folder

    def nothing(self):
        """Ten minutes without speech: silence, noise at three levels, something like music."""
        folder, fresh = self._made("nothing")
        if fresh:
            numbers, count = np.random.default_rng(13), 120 * RATE_HZ
            sounds = {"silence": np.zeros(count)}
            for level in (-50, -35, -20):
                sounds[f"noise{level}"] = numbers.standard_normal(count) * 10 ** (level / 20)
            tune, at = np.zeros(count), 0
            while at < count - RATE_HZ:
                length = int(numbers.uniform(0.15, 0.8) * RATE_HZ)
                span = np.arange(length) / RATE_HZ
                for note in numbers.integers(-9, 20, numbers.integers(1, 4)):
                    tune[at : at + length] += 0.1 * np.sin(2 * np.pi * 220 * 2 ** (note / 12) * span) * np.exp(-2 * span)
                at += length
            sounds["music"] = tune
            for name, samples in sounds.items():
                save(folder / f"{name}.wav", samples)
                (folder / f"{name}.txt").write_text("")
        return folder


def wer(folder, model, *options):
    """The last line of `wer`, as it prints it for programs."""
    command = ["cargo", "run", "--quiet", "--example", "wer", "--", str(folder), "--model", str(model), "--json", *options]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])


def percent(part, whole):
    return f"{100 * part / max(whole, 1):.1f} %"


def errors(score):
    return percent(score["wrong"], score["words"])


def rows(recordings):
    """Name of each row and what gives its entry for a model."""
    whole = ("--target", "28", "--max", "30", "--long-pause", "60", "--margin", "30")
    answers = lambda voice: lambda model: errors(wer(recordings.read("fresh", voice), model))
    found = {"answers en-us": answers("en-us"), "answers en-gb": answers("en-gb")}
    found["formal en-us"] = lambda model: errors(wer(recordings.read("formal", "en-us"), model))
    found |= {f"answers {voice}": answers(voice) for voice in FLITE}
    found["answers en-us in 30 s windows"] = lambda model: errors(wer(recordings.read("fresh", "en-us"), model, *whole))

    def fillers(model):
        score = wer(recordings.fillers(), model)
        recall, precision = (score["fillers_right"] / max(1, score[key]) for key in ("fillers", "fillers_written"))
        return f"{recall:.2f} / {precision:.2f} of {score['fillers']}"

    def commands(model):
        score = wer(recordings.commands(), model)
        return f"{percent(score['commands_right'], score['commands'])} of {score['commands']}"

    def times(model):
        score = wer(recordings.times(), model)
        return f"{percent(score['times_within'], score['times'])}, 90th percentile {score['times_p90']:.2f} s"

    found["fillers, recall / precision"] = fillers
    found["spoken commands recognised"] = commands
    found["words in 10 minutes of nothing"] = lambda model: str(wer(recordings.nothing(), model)["written"])
    found["word times within 150 ms"] = times
    found["processor time for a second of sound"] = lambda model: f"{wer(recordings.read('fresh', 'en-us'), model)['cpu']:.3f} s"
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--work", required=True, help="folder for the recordings")
    arguments.add_argument("--rows", default="", help="only rows whose name has this in it")
    arguments.add_argument("models", nargs="+")
    options = arguments.parse_args()
    models = [Path(model).resolve() for model in options.models]
    print("| what | " + " | ".join(model.parent.name for model in models) + " |\n|---|" + "---|" * len(models))
    for name, entry in rows(Recordings(options.work)).items():
        if options.rows in name:
            print(f"| {name} | " + " | ".join(entry(model) for model in models) + " |", flush=True)


if __name__ == "__main__":
    main()
