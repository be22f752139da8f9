"""Trains the practice model, on a GPU where there is one.

    train.py --shards FOLDER --run FOLDER --minutes 60 [--from CHECKPOINT or MODEL.bin]

`--run` keeps `latest.pt` every few minutes; started again, it goes on from there. Learning rates fall to nothing over `--minutes` in
all. Three losses: the tokens; the sound at each place of the encoder; the top decoder layer looking at the word it writes, which is
where word times come from. Hidden matrices learn with Muon, the rest with AdamW.
"""

import argparse
import math
import multiprocessing
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import export
import ggml
from network import Network
from tokens import Tokens
from voices import SOUNDS
from windows import LONG, SHORT, WORDS, Windows

ROOT = Path(__file__).resolve().parents[2]
MUON_RATE, ADAM_RATE = 0.0020, 0.0007
WARM_UP = 0.02
SOUND_WEIGHT, LOOK_WEIGHT = 0.15, 0.12
# Shares of the time: a new network hears single words at first, and all hear longer windows later.
WORDS_UNTIL, LONG_FROM = 0.2, 0.35
SAVE_S, LOOK_FOR_SHARDS_S, REPORT_STEPS = 180, 60, 50
# Half precision, where it is no slower: a processor that only imitates it takes seventy times as long.
HALF = torch.bfloat16 if torch.cuda.is_available() or torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


class Muon:
    """Momentum whose steps are made orthogonal, for matrices of the same shape together."""

    def __init__(self, parameters):
        groups = {}
        for parameter in parameters:
            groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self.groups = list(groups.values())
        self.momenta = [torch.zeros(len(group), *group[0].shape, device=group[0].device) for group in self.groups]

    @torch.no_grad()
    def step(self, rate, momentum=0.95, decay=0.02):
        for group, kept in zip(self.groups, self.momenta):
            gradient = torch.stack([parameter.grad for parameter in group])
            kept.lerp_(gradient, 1 - momentum)
            change = _orthogonal(gradient.lerp(kept, momentum))
            size = rate * 0.2 * math.sqrt(max(group[0].shape))
            for parameter, step in zip(group, change):
                parameter.mul_(1 - rate * decay).add_(step, alpha=-size)


def _orthogonal(matrices):
    """Newton-Schulz: the nearest matrices with all singular values about 1."""
    x = matrices.to(HALF)
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    x = x.transpose(-1, -2) if tall else x
    for _ in range(4):
        square = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.transpose(-1, -2) if tall else x).float()


def losses(network, batch):
    """Loss of the tokens, the sounds and the looking."""
    heard = network.encoder(batch["mel"])
    states, table, looked = network.decoder(batch["read"], heard)
    wanted = batch["write"] >= 0
    tokens = F.cross_entropy((states[wanted] @ table.T).float(), batch["write"][wanted])
    sounds = F.cross_entropy(network.phone(heard).float().flatten(0, 1), batch["sounds"].flatten())
    first, end = batch["places"][:, :, None, :, None].expand(-1, -1, looked.shape[1], -1, 1)
    upto = F.pad(looked.cumsum(-1), (1, 0))
    inside = (upto.gather(-1, end) - upto.gather(-1, first))[..., 0].clamp_min(1e-4)
    placed = (batch["places"][1] > 0)[:, None].expand_as(inside)
    return tokens, sounds, -(inside.log() * placed).sum() / placed.sum().clamp_min(1)


def _compose(options, tokens, filters, seed, stage, queue):
    torch.set_num_threads(1)
    windows = Windows(options.shards, tokens, filters, seed)
    looked = time.time()
    while True:
        if time.time() - looked > LOOK_FOR_SHARDS_S:
            windows.look()
            looked = time.time()
        windows.stage = stage.value
        queue.put({name: tensor.numpy() for name, tensor in windows.batch(options.seconds).items()})


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--shards", required=True)
    arguments.add_argument("--run", required=True)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--from", dest="origin", help="checkpoint or model file to begin with; a new network where there is none")
    arguments.add_argument("--used", help="for a new network: file with the numbers of the tokens to use")
    arguments.add_argument("--shape", default="192,3,4,3", help="for a new network: width, heads, layers that hear and write")
    arguments.add_argument("--rate", type=float, default=1.0, help="how fast to learn; less of it from a good checkpoint")
    arguments.add_argument("--seconds", type=float, default=64, help="sound in a batch")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--loaders", type=int, default=1)
    options = arguments.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    run = Path(options.run)
    run.mkdir(parents=True, exist_ok=True)
    latest = run / "latest.pt"

    resumed = latest.exists()
    origin = latest if resumed else options.origin
    saved = export.load(origin) if origin else None
    used = saved["AL"] if saved else [int(number) for number in Path(options.used).read_text().split()]
    head = ggml.read_head(ROOT / "models/ggml-practice.en-q8_0.bin")
    tokens = Tokens(head.vocabulary, used)
    width, heads, hear, write = map(int, options.shape.split(","))
    network = Network(**(saved["cfg"] if saved else dict(d=width, h=heads, ne=hear, nd=write, K=len(used) + 5, P=len(SOUNDS))))
    if saved:
        network.load_state_dict(saved["model"])
    network.to(device)
    hidden = [p for name, p in network.named_parameters() if p.dim() == 2 and "blocks" in name]
    other = [p for name, p in network.named_parameters() if not (p.dim() == 2 and "blocks" in name)]
    muon = Muon(hidden)
    adam = torch.optim.AdamW(other, lr=ADAM_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    steps, spent, sound_s = 0, 0.0, 0.0
    if resumed:
        steps, spent, sound_s = saved["steps"], saved["spent"], saved["sound_s"]
        muon.momenta = [kept.to(device) for kept in saved["muon"]]
        adam.load_state_dict(saved["adam"])

    def save(path):
        state = dict(model=network.state_dict(), cfg=network.cfg, AL=used, steps=steps, spent=spent, sound_s=sound_s, muon=muon.momenta,
                     adam=adam.state_dict())
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    processes = multiprocessing.get_context("spawn")
    queue, stage = processes.Queue(4), processes.Value("b", SHORT)
    for seed in range(options.loaders):
        loader = (options, tokens.used, head, seed + 100 * steps, stage, queue)
        processes.Process(target=_compose_from, args=loader, daemon=True).start()

    means, saved_at, began, reported = {}, time.time(), time.time(), time.time()
    before = spent
    while (spent := before + time.time() - began) < options.minutes * 60:
        done = spent / (options.minutes * 60)
        stage.value = LONG if options.origin or done >= LONG_FROM else WORDS if done < WORDS_UNTIL else SHORT
        rate = options.rate * min(1.0, done / WARM_UP + 0.02) * (1 - done)
        batch = {name: torch.from_numpy(array).to(device) for name, array in queue.get().items()}
        with torch.autocast(device, torch.bfloat16, enabled=HALF == torch.bfloat16):
            parts = losses(network, batch)
        loss = parts[0] + SOUND_WEIGHT * parts[1] + LOOK_WEIGHT * parts[2]
        if not loss.isfinite():
            continue
        loss.backward()
        torch.nn.utils.clip_grad_norm_(other, 1.0)
        muon.step(MUON_RATE * rate)
        for group in adam.param_groups:
            group["lr"] = ADAM_RATE * rate
        adam.step()
        network.zero_grad(set_to_none=True)
        steps += 1
        sound_s += batch["mel"].shape[0] * batch["mel"].shape[1] / 100
        for name, part in zip(("tokens", "sounds", "looking"), parts):
            means[name] = 0.98 * means.get(name, part.item()) + 0.02 * part.item()
        if steps % REPORT_STEPS == 0:
            pace = (time.time() - reported) / REPORT_STEPS
            reported = time.time()
            shown = " ".join(f"{name} {mean:.3f}" for name, mean in means.items())
            print(f"{time.strftime('%H:%M')} {steps} steps, {sound_s / 3600:.1f} h, {done:.0%}: {shown}, {pace:.2f} s a step", flush=True)
        if time.time() - saved_at > SAVE_S:
            save(latest)
            saved_at = time.time()
    save(run / "final.pt")
    print(f"{steps} steps, {sound_s / 3600:.1f} h, {spent / 60:.0f} min")


def _compose_from(options, used, head, seed, stage, queue):
    _compose(options, Tokens(head.vocabulary, used), head.filters, seed, stage, queue)


if __name__ == "__main__":
    main()
