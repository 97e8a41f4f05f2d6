"""The network: a small pre-norm transformer that knows positions only by distance, a masked-word head for pretraining, and
the stance head, which reads one vector per actor. Plain operations only, so that it exports to ONNX and runs in bf16.
"""
import math
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

# How fast each head's attention falls off to the left and to the right, per word piece: a global head, a symmetric one, one
# that looks left and one that looks right; the pattern repeats. Together they stand in for position embeddings, so a
# paragraph may be longer than any that was trained on.
SLOPES = [[0.0, 0.0], [0.25, 0.25], [0.5, 4.0], [4.0, 0.5]]


def mixed(device):
    """A context of bf16 arithmetic, where that is faster: on a GPU, and on processors that measure so (about AVX-512 on)."""
    fast = device != "cpu"
    if not fast:
        seconds = []
        for kind in (torch.float32, torch.bfloat16):
            x, took = torch.ones(512, 512, dtype=kind), []
            for _ in range(7):  # the best of several: other work disturbs some
                began = time.perf_counter()
                torch.matmul(x, x)
                took.append(time.perf_counter() - began)
            seconds.append(min(took))
        fast = seconds[1] < seconds[0]
    return lambda: torch.autocast(device, torch.bfloat16, enabled=fast)


def dropout(x, share, training):
    """F.dropout with one random byte for each number, so a share to the nearest 256th: its own 64 bits take a seventh of a step on a CPU."""
    cut = round(share * 256) if training else 0
    if not cut or x.is_cuda:
        return F.dropout(x, share, training)
    words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-2**63, None)
    return x * (words.view(torch.uint8)[:x.numel()].view(x.shape) >= cut) * (256 / (256 - cut))


class Norm(nn.LayerNorm):
    """LayerNorm whose input may be bf16 on a CPU, where torch 1.13 wants input and weights of one type."""

    def forward(self, x):
        return super().forward(x.to(self.weight.dtype))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = Norm(width), Norm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, bias, share):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weight = F.softmax(torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(d // self.heads) + bias, -1)
        read = torch.matmul(weight, v).transpose(1, 2).reshape(b, t, d)
        x = x + dropout(self.out(read), share, self.training)
        return x + dropout(self.down(F.gelu(self.up(self.norm2(x)))), share, self.training)


class Encoder(nn.Module):
    """ids [B, T] int64, mask [B, T] (1 where there is text) -> states [B, T, width]."""

    def __init__(self, vocab, width=256, layers=4, dropout=0.0):
        super().__init__()
        heads = width // 64
        self.config = {"vocab": vocab, "width": width, "layers": layers}
        self.dropout = dropout
        self.register_buffer("slopes", torch.tensor(SLOPES).repeat(-(-heads // 4), 1)[:heads], persistent=False)
        self.words = nn.Embedding(vocab, width)
        self.marks = nn.Embedding(2, width)  # 1: a piece of some actor's mention
        self.norm0, self.norm1 = Norm(width), Norm(width)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.start()

    def start(self):
        """Mimetic start (Trockman & Kolter 2023): keys equal queries, values and outputs are near the identity."""
        for m in self.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                nn.init.normal_(m.weight, 0, 0.02)
            if isinstance(m, nn.Linear):
                nn.init.zeros_(m.bias)
        nn.init.zeros_(self.marks.weight)
        d = self.config["width"]
        for layer in self.layers:
            w = layer.qkv.weight.data
            w[d:2 * d] = w[:d]
            w[2 * d:] = 0.7 * torch.eye(d) + 0.01 * torch.randn(d, d)
            layer.out.weight.data = 0.7 * torch.eye(d) + 0.01 * torch.randn(d, d)
            layer.down.weight.data.div_(math.sqrt(2 * len(self.layers)))

    def forward(self, ids, mask=None, marks=None):
        x = self.words(ids)
        if marks is not None:
            x = x + self.marks(marks)
        x = dropout(self.norm0(x), self.dropout, self.training)
        at = torch.arange(ids.shape[1], device=ids.device)
        ahead = (at[None, :] - at[:, None]).to(torch.float32)
        left, right = self.slopes[:, 0, None, None], self.slopes[:, 1, None, None]
        bias = -(left * (-ahead).clamp(min=0) + right * ahead.clamp(min=0))[None]
        if mask is not None:
            bias = bias + (1.0 - mask[:, None, None, :].to(bias.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias.to(x.dtype), self.dropout)
        return self.norm1(x)


class WordHead(nn.Module):
    """States -> logits over the vocabulary, with the word vectors as output weights."""

    def __init__(self, encoder):
        super().__init__()
        d = encoder.config["width"]
        self.dense, self.norm = nn.Linear(d, d), Norm(d)
        self.bias = nn.Parameter(torch.zeros(encoder.config["vocab"]))

    def forward(self, states, encoder):
        return F.linear(self.norm(F.gelu(self.dense(states))), encoder.words.weight, self.bias)


class StanceHead(nn.Module):
    """states [B, T, d], mask [B, T], actors [B, A, T] -> logits [B, A, n].

    An actor's vector is the mean over its mentions; one attention read of the text from there; a small network on both
    and on the state of [CLS].
    """

    def __init__(self, width, labels=3, heads=4):
        super().__init__()
        self.heads = heads
        self.query, self.keys = nn.Linear(2 * width, width), nn.Linear(width, 2 * width)
        self.own = nn.Parameter(torch.zeros(1, heads, 1, 1))  # how much a head prefers the actor's own mentions
        self.dense, self.out = nn.Linear(3 * width, width), nn.Linear(width, labels)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, 0.02)
                nn.init.zeros_(m.bias)

    def forward(self, x, mask, actors):
        b, t, d = x.shape
        a = actors.shape[1]
        actors = actors.to(x.dtype)
        whole = x[:, :1].expand(b, a, d)
        actor = torch.matmul(actors, x) / actors.sum(-1, keepdim=True).clamp(min=1.0)
        q = self.query(torch.cat([actor, whole], -1)).view(b, a, self.heads, d // self.heads).transpose(1, 2)
        k, v = self.keys(x).view(b, t, 2, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weight = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(d // self.heads)
        weight = weight + self.own * actors[:, None] - 1e4 * (1 - mask.to(x.dtype))[:, None, None, :]
        read = torch.matmul(F.softmax(weight, -1), v).transpose(1, 2).reshape(b, a, d)
        h = F.gelu(self.dense(torch.cat([actor, read, whole], -1)))
        return self.out(F.dropout(h, 0.1, self.training))


def network(config, dropout=0.0):
    """The encoder and its heads by name, of which one, `stance`, is ours; those of the outside sets come and go."""
    return nn.ModuleDict({"encoder": Encoder(**config, dropout=dropout), "heads": nn.ModuleDict({"stance": StanceHead(config["width"])})})


class Spans(nn.Module):
    """The whole model in the `spans` layout: input_ids, attention_mask [B, T], actor_masks [B, A, T] -> logits [B, A, 3]."""

    def __init__(self, encoder, head):
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, input_ids, attention_mask, actor_masks):
        marks = (actor_masks.sum(1) > 0).long()
        return self.head(self.encoder(input_ids, attention_mask, marks), attention_mask, actor_masks)
