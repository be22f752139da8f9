"""Whisper's network with the names whisper.cpp expects, and three things training needs.

- Only the used tokens have a row of their own; `decoder.table()` adds the rows of the timestamps, which are the encoder's own sinusoids
  seen through one learned matrix: a model this small does not learn 1501 unrelated rows.
- Channel 0 of the last norm is the constant `BIAS`, so that on export the rows of unused tokens can say "never" (-10 in that channel).
- `sounds` names the sound at each place of the encoder; it is left out on export.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tokens import TIMES

AUDIO_PLACES, TEXT_PLACES, MELS = 1500, 448, 80
BIAS = 4.0
SHORT_PLACES = 600


def sinusoids(places, width):
    """Whisper's positions of the encoder."""
    rates = torch.exp(-math.log(10_000) / (width // 2 - 1) * torch.arange(width // 2).float())
    angles = torch.arange(places).float()[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.value, self.out = (nn.Linear(width, width) for _ in range(3))
        self.key = nn.Linear(width, width, bias=False)

    def forward(self, x, heard=None, causal=False, show=False):
        """Attended values, and where they came from if `show` asks."""
        source = x if heard is None else heard
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(source)), split(self.value(source))
        weights = None
        if show:
            weights = (q @ k.transpose(-1, -2)).float().mul(q.shape[-1] ** -0.5).softmax(-1)
            mixed = weights.to(v.dtype) @ v
        elif not causal and not x.is_cuda and k.shape[2] <= SHORT_PLACES:
            # On a CPU and up to here the plain way takes two thirds of the time of torch's own.
            mixed = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1).to(v.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return self.out(mixed.transpose(1, 2).flatten(2)), weights


class Block(nn.Module):
    def __init__(self, width, heads, hears):
        super().__init__()
        self.attn, self.attn_ln = Attention(width, heads), nn.LayerNorm(width)
        self.cross_attn = Attention(width, heads) if hears else None
        if hears:
            self.cross_attn_ln = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x, heard=None, show=False):
        x = x + self.attn(self.attn_ln(x), causal=heard is not None)[0]
        weights = None
        if self.cross_attn is not None:
            mixed, weights = self.cross_attn(self.cross_attn_ln(x), heard, show=show)
            x = x + mixed
        return x + self.mlp(self.mlp_ln(x)), weights


class Encoder(nn.Module):
    def __init__(self, width, heads, layers):
        super().__init__()
        self.conv1 = nn.Conv1d(MELS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positional_embedding", sinusoids(AUDIO_PLACES, width))
        self.blocks = nn.ModuleList(Block(width, heads, False) for _ in range(layers))
        self.ln_post = nn.LayerNorm(width)

    def forward(self, mel):
        """`mel`: [batch, frames, 80]."""
        x = F.gelu(_conv(mel, self.conv1, 1))
        x = F.gelu(_conv(x, self.conv2, 2))
        x = x + self.positional_embedding[: x.shape[1]].to(x.dtype)
        for block in self.blocks:
            x, _ = block(x)
        return self.ln_post(x)


def _conv(x, conv, stride):
    """A convolution over three places as one product of matrices, which is quicker on a CPU."""
    length, padded = x.shape[1], F.pad(x, (0, 0, 1, 1))
    near = torch.cat([padded[:, i : i + length : stride] for i in range(3)], -1)
    return F.linear(near, conv.weight.transpose(1, 2).flatten(1), conv.bias)


class Decoder(nn.Module):
    def __init__(self, width, heads, layers, used):
        super().__init__()
        self.emb = nn.Parameter(torch.randn(used, width) * 0.02)
        self.ts_w = nn.Parameter(torch.randn(width, width) * 0.015)
        self.register_buffer("ts_pe", sinusoids(TIMES, width))
        self.positional_embedding = nn.Parameter(sinusoids(TEXT_PLACES, width) * 0.05)
        self.blocks = nn.ModuleList(Block(width, heads, True) for _ in range(layers))
        self.ln = nn.LayerNorm(width)
        mask = torch.ones(width)
        mask[0] = 0
        self.register_buffer("lnmask", mask)

    def table(self):
        """Rows of all tokens: the used ones, the special ones, the timestamps."""
        return torch.cat([self.emb, self.ts_pe @ self.ts_w])

    def norm(self):
        """Weight and bias of the last norm with channel 0 fixed."""
        return self.ln.weight * self.lnmask, self.ln.bias * self.lnmask + BIAS * (1 - self.lnmask)

    def forward(self, tokens, heard):
        """States before the last product, the table, and where the top layer looked."""
        table = self.table()
        x = F.embedding(tokens, table) + self.positional_embedding[: tokens.shape[1]]
        for i, block in enumerate(self.blocks):
            x, looked = block(x, heard, show=i == len(self.blocks) - 1)
        return F.layer_norm(x, x.shape[-1:], *self.norm()), table, looked


class Network(nn.Module):
    def __init__(self, d, h, ne, nd, K, P):
        """Width, heads, layers that hear, layers that write, tokens with the special ones, sounds."""
        super().__init__()
        self.cfg = dict(d=d, h=h, ne=ne, nd=nd, K=K, P=P)
        self.encoder, self.decoder = Encoder(d, h, ne), Decoder(d, h, nd, K)
        self.phone = nn.Linear(d, P)
        for name, parameter in self.named_parameters():
            if name.endswith(("out.weight", "mlp.2.weight")):
                parameter.data *= 0.5
