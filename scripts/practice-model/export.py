"""Writes a checkpoint as a whisper.cpp model with Q8_0 matrices.

    export.py CHECKPOINT OUT.bin [--with CHECKPOINT or MODEL.bin --share 0.2]

Weights of a model and of the one it was trained on from can be mixed, `--share` of the latter. After a short training that is
better than either.
"""

import argparse
from pathlib import Path

import torch

import ggml
from network import Network
from tokens import FIRST_TIME, SPECIAL, TIMES
from voices import SOUNDS

ROOT = Path(__file__).resolve().parents[2]
# In channel 0, where the decoder's last norm is constant: the row of a token that is never written.
NEVER = -10.0
ONLY_FOR_TRAINING = ("phone.", "decoder.emb", "decoder.ts_", "decoder.lnmask")
# whisper.cpp reads these as plain numbers.
PLAIN = ("encoder.positional_embedding", "decoder.positional_embedding")


@torch.no_grad()
def tensors(network, used, vocabulary_size):
    """whisper.cpp's tensors of `network`, whose token i is token `used[i]` of the vocabulary."""
    found = {name: tensor.float() for name, tensor in network.state_dict().items() if not name.startswith(ONLY_FOR_TRAINING)}
    table = network.decoder.table()
    rows = torch.zeros(vocabulary_size, table.shape[1])
    rows[:, 0] = NEVER
    rows[torch.tensor([*used, *SPECIAL, *range(FIRST_TIME, FIRST_TIME + TIMES)])] = table
    found["decoder.token_embedding.weight"] = rows
    found["decoder.ln.weight"], found["decoder.ln.bias"] = network.decoder.norm()
    return {name: _stored(name, tensor.numpy()) for name, tensor in found.items()}


def _stored(name, array):
    if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
        return array.reshape(-1, 1), ggml.F32
    if array.ndim == 3:
        return array, ggml.F16
    return array, ggml.Q8_0 if array.ndim == 2 and name not in PLAIN else ggml.F32


@torch.no_grad()
def _restored(path):
    """The checkpoint that the model file at `path` was written from, as near as Q8_0 has kept it.

    What is only for training begins anew, but for the matrix of the timestamps, which their rows give back.
    """
    head, stored = ggml.read(path)
    size, _, width, heads, hear, _, _, _, write, _ = head.sizes
    stored = {name: torch.from_numpy(array) for name, array in stored.items()}
    rows = stored.pop("decoder.token_embedding.weight")
    words = rows[: SPECIAL[0]]
    used = (words[:, 1:] != 0).any(1).nonzero()[:, 0].tolist()
    network = Network(d=width, h=heads, ne=hear, nd=write, K=len(used) + len(SPECIAL), P=len(SOUNDS))
    state = network.state_dict()
    for name in stored:
        state[name] = stored[name].reshape(state[name].shape)
    state["decoder.emb"] = rows[torch.tensor([*used, *SPECIAL])]
    state["decoder.ts_w"] = torch.linalg.lstsq(state["decoder.ts_pe"], rows[FIRST_TIME : FIRST_TIME + TIMES]).solution
    return dict(model=state, cfg=network.cfg, AL=used)


def load(path):
    """A checkpoint, whether the file is one or a model for whisper.cpp."""
    return _restored(path) if str(path).endswith(".bin") else torch.load(path, map_location="cpu")


def mixed(model, other, share):
    """Weights between those of two models of one shape."""
    return {name: (1 - share) * tensor.float() + share * other[name].float() for name, tensor in model.items()}


def export(saved, path, head):
    """Writes the checkpoint `saved`; filters and vocabulary are those of `head`."""
    network = Network(**saved["cfg"])
    network.load_state_dict(saved["model"])
    shape = network.cfg
    size = head.sizes[0]
    sizes = (size, 1500, shape["d"], shape["h"], shape["ne"], 448, shape["d"], shape["h"], shape["nd"], 80)
    head = ggml.Head(sizes, ggml.FTYPE_Q8_0, head.filters, head.vocabulary)
    ggml.write(path, head, tensors(network.eval(), saved["AL"], size))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("checkpoint")
    arguments.add_argument("out")
    arguments.add_argument("--with", dest="other", help="checkpoint or model file to mix in")
    arguments.add_argument("--share", type=float, default=0.1, help="of the one mixed in")
    options = arguments.parse_args()
    saved = load(options.checkpoint)
    if options.other:
        saved["model"] = mixed(saved["model"], load(options.other)["model"], options.share)
    export(saved, options.out, ggml.read_head(ROOT / "models/ggml-practice.en-q8_0.bin"))
    print(f"{options.out}: {Path(options.out).stat().st_size:,} bytes after {saved.get('steps', '?')} steps")


if __name__ == "__main__":
    main()
