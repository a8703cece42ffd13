"""Concatenation, reshaping, slicing, padding, and writes through views."""

import torch
import torch.nn.functional as f
from case import B, F, I64, fn, seq
from torch import nn

IMAGE = F(1, 4, 5, 7)

CAT = [
    fn("cat 1", lambda x: torch.cat([x], 1) + 1, F(3, 5)),
    fn("cat 2 first", lambda x, y: torch.cat([x, y]), F(3, 5), F(1, 5)),
    fn("cat 2 last", lambda x, y: torch.cat([x, y], -1), F(3, 5), F(3, 7)),
    fn("cat 3 middle", lambda *x: torch.cat(x, 1), F(3, 1, 7), F(3, 5, 7), F(3, 2, 7)),
    fn("cat 5 channels", lambda *x: torch.cat(x, 1), *[F(1, n, 5, 5) for n in (1, 2, 3, 4, 5)]),
    fn("cat 2 rows of 4-D", lambda x, y: torch.cat([x, y], 2), F(1, 3, 5, 7), F(1, 3, 1, 7)),
    fn("cat 2 columns of 4-D", lambda x, y: torch.cat([x, y], 3), F(1, 3, 5, 7), F(1, 3, 5, 2)),
    fn("cat 2 batches of 4-D", lambda x, y: torch.cat([x, y], 0), F(1, 3, 5, 7), F(2, 3, 5, 7)),
    fn("cat itself", lambda x: torch.cat([x, x], 1), IMAGE),
    fn("cat with constant", lambda x: torch.cat([x, torch.ones(1, 1, 5, 7)], 1), IMAGE),
    fn("cat of promoted", lambda x, y: torch.cat([x, y], 1), F(3, 5), I64(3, 2)),
    fn("cat with empty", lambda x, y: torch.cat([x, y], 1), F(3, 5), F(3, 0), litert="an input has no elements"),
    fn("cat int64", lambda x, y: torch.cat([x, y], 0), I64(3, 5), I64(3, 5)),
    fn("cat of bools", lambda x, y: torch.cat([x, y], 0), B(3, 5), B(3, 5)),
    fn("stack first", lambda x, y: torch.stack([x, y]), F(3, 5), F(3, 5)),
    fn("stack last", lambda x, y: torch.stack([x, y], -1), F(3, 5), F(3, 5)),
    fn("stack 3-D", lambda x, y: torch.stack([x, y], 1), F(2, 3, 5), F(2, 3, 5)),
    fn("hstack", lambda x, y: torch.hstack([x, y]), F(3, 5), F(3, 2)),
    fn("vstack", lambda x, y: torch.vstack([x, y]), F(5), F(3, 5)),
]

RESHAPE = [
    fn("flatten", lambda x: x.flatten(1), IMAGE),
    fn("flatten batch", lambda x: x.flatten(1), F(2, 3, 5, 7)),
    fn("flatten all", lambda x: x.flatten(), F(2, 3, 5)),
    fn("flatten image", lambda x: x.flatten(2), IMAGE),
    fn("flatten 0-D", lambda x: x.flatten(), F()),
    fn("unflatten", lambda x: x.unflatten(1, (2, 3)), F(5, 6)),
    fn("view", lambda x: x.view(5, 6), F(2, 3, 5)),
    fn("view -1", lambda x: x.view(2, -1), F(2, 3, 5)),
    fn("reshape 4-D", lambda x: x.reshape(1, 2, 2, 35), IMAGE),
    fn("reshape splits channels", lambda x: x.reshape(1, 2, 2, 5, 7), IMAGE),
    fn("reshape to 1-D", lambda x: x.reshape(-1), IMAGE),
    fn("reshape of permuted", lambda x: x.permute(1, 0).reshape(-1), F(3, 5)),
    fn("view of int64", lambda x: x.view(5, 3), I64(3, 5)),
    fn("permute", lambda x: x.permute(2, 0, 1), F(3, 5, 7)),
    fn("permute to nhwc", lambda x: x.permute(0, 2, 3, 1), IMAGE),
    fn("permute to nhwc and back", lambda x: (x.permute(0, 2, 3, 1) + 1).permute(0, 3, 1, 2), IMAGE),
    fn("permute 5-D", lambda x: x.permute(0, 2, 1, 3, 4), F(1, 2, 3, 2, 5)),
    fn("permute negative", lambda x: x.permute(-1, 0, 1), F(3, 5, 7)),
    fn("transpose", lambda x: x.transpose(1, 2), F(3, 5, 7)),
    fn("transpose of bools", lambda x: x.transpose(0, 1), B(3, 5)),
    fn("t", lambda x: x.t(), F(3, 5)),
    fn("T", lambda x: x.T, F(3, 5)),
    fn("movedim", lambda x: x.movedim(0, 2), F(3, 5, 7)),
    fn("swapaxes", lambda x: x.swapaxes(0, 2), F(3, 5, 7)),
    fn("squeeze", lambda x: x.squeeze(), F(1, 3, 1, 5)),
    fn("squeeze dim", lambda x: x.squeeze(1), F(3, 1, 5)),
    fn("squeeze dims", lambda x: x.squeeze((0, 2)), F(1, 3, 1, 5)),
    fn("squeeze nothing", lambda x: x.squeeze(1) + 1, F(3, 5)),
    fn("unsqueeze", lambda x: x.unsqueeze(1), F(3, 5)),
    fn("unsqueeze last", lambda x: x.unsqueeze(-1), F(3, 5)),
    fn("pool flatten", lambda x: f.adaptive_avg_pool2d(x, 1).flatten(1), IMAGE),
    fn("pool squeeze", lambda x: f.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2), IMAGE),
    fn("channel shuffle", lambda x: x.view(1, 2, 2, 5, 7).transpose(1, 2).contiguous().view(1, 4, 5, 7), IMAGE),
    fn("attention shapes", lambda x: x.view(1, 5, 2, 3).transpose(1, 2).reshape(2, 5, 3), F(1, 5, 6)),
    fn("chain of views", lambda x: x.view(2, 15).t().reshape(3, 5, 2).unsqueeze(0).squeeze(0), F(2, 3, 5)),
    fn("expand", lambda x: x.expand(3, 5), F(1, 5)),
    fn("expand -1", lambda x: x.expand(2, -1, 7), F(3, 1)),
    fn("expand 4-D", lambda x: x.expand(1, 3, 5, 7), F(1, 3, 1, 1)),
    fn("expand_as", lambda x, y: x.expand_as(y) + y, F(1, 3, 1, 1), F(1, 3, 5, 7)),
    fn("expand 0-D", lambda x: x.expand(3, 5), F()),
    fn("contiguous", lambda x: x.t().contiguous() + 1, F(3, 5)),
    fn("clone", lambda x: x.clone(), F(3, 5)),
    fn("detach", lambda x: x.detach() + 1, F(3, 5)),
    fn("size in arithmetic", lambda x: x.view(x.size(0), -1) / x.size(1), F(2, 3, 5)),
    seq("conv flatten linear shapes", lambda: [nn.Conv2d(4, 3, 2), nn.Flatten(), nn.Linear(72, 5)], IMAGE),
    seq("linear unflatten conv", lambda: [nn.Linear(7, 36), nn.Unflatten(1, (4, 3, 3)), nn.Conv2d(4, 2, 2)], F(1, 7)),
]

SLICE = [
    fn("slice", lambda x: x[1:4], F(7, 5)),
    fn("slice step", lambda x: x[::2], F(7, 5)),
    fn("slice step 3 from 1", lambda x: x[:, 1::3], F(3, 13)),
    fn("slice negative", lambda x: x[:, -3:-1], F(3, 5)),
    fn("slice past the end", lambda x: x[:, 2:100], F(3, 5)),
    fn("slice two", lambda x: x[1:, :3], F(3, 5)),
    fn("slice channels", lambda x: x[:, 1:3], IMAGE),
    fn("slice image", lambda x: x[:, :, 1:-1, ::2], IMAGE),
    fn("focus", lambda x: torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1),
       F(1, 3, 6, 8)),
    fn("slice to nothing", lambda x: x[:, 3:3], F(3, 5), litert="the output has no elements"),
    fn("select", lambda x: x[1], F(3, 5)),
    fn("select negative", lambda x: x[:, -1], F(3, 5)),
    fn("select channel", lambda x: x[:, 2], IMAGE),
    fn("select to 0-D", lambda x: x[2], F(5)),
    fn("narrow", lambda x: x.narrow(1, 1, 3), F(3, 5)),
    fn("chunk", lambda x: x.chunk(2, 1), F(1, 6, 5, 5)),
    fn("split of five dimensions", lambda x: torch.cat([p.relu() for p in x.split(1, 2)], 1), F(2, 3, 3, 4, 5)),
    fn("split in uneven pieces", lambda x: torch.cat(list(reversed(x.split([1, 3, 2], 1))), 1), F(2, 6, 4, 5)),
    fn("split of bool", lambda x: torch.cat(list(reversed(x.split(2, 1))), 1), B(3, 6)),
    fn("split of bool in uneven pieces", lambda x: torch.cat(list(reversed(x.split([1, 3, 2], 1))), 1), B(3, 6)),
    fn("chunk uneven", lambda x: x.chunk(3, 1), F(3, 7)),
    fn("split", lambda x: x.split(2, 0), F(5, 3)),
    fn("split sizes", lambda x: x.split([1, 4, 2], 1), F(3, 7)),
    fn("split channels and add", lambda x: (lambda a, b: a * b.sigmoid())(*x.chunk(2, 1)), F(1, 6, 5, 5)),
    fn("unbind", lambda x: x.unbind(1), F(3, 2)),
    fn("None index", lambda x: x[:, None] + 1, F(3, 5)),
    fn("Ellipsis index", lambda x: x[..., 0], F(2, 3, 5)),
]

PAD = [
    fn("pad 1-D", lambda x: f.pad(x, (1, 2)), F(5)),
    fn("pad last", lambda x: f.pad(x, (1, 2)), F(3, 5)),
    fn("pad image", lambda x: f.pad(x, (1, 2, 3, 0)), IMAGE),
    fn("pad channels", lambda x: f.pad(x, (0, 0, 0, 0, 1, 2)), IMAGE),
    fn("pad value", lambda x: f.pad(x, (1, 1, 1, 1), value=2.5), IMAGE),
    fn("pad crop", lambda x: f.pad(x, (-1, 2, 0, -1)), IMAGE),
    fn("pad nothing", lambda x: f.pad(x, (0, 0)) + 1, F(3, 5)),
    fn("pad int64", lambda x: f.pad(x, (1, 1), value=7), I64(3, 5)),
    fn("pad reflect 1d", lambda x: f.pad(x, (2, 1), mode="reflect"), F(1, 3, 7)),
    fn("pad reflect 2d", lambda x: f.pad(x, (1, 2, 2, 1), mode="reflect"), IMAGE),
    fn("pad reflect all", lambda x: f.pad(x, (4, 4), mode="reflect"), F(1, 3, 5)),
    fn("pad replicate 1d", lambda x: f.pad(x, (2, 1), mode="replicate"), F(1, 3, 7)),
    fn("pad replicate 2d", lambda x: f.pad(x, (1, 2, 2, 1), mode="replicate"), IMAGE),
    fn("pad circular 2d", lambda x: f.pad(x, (1, 2, 2, 1), mode="circular"), IMAGE),
]


def write_slice(x):
    y = x.clone()
    y[:, 1:3] = 0
    return y


def write_select(x):
    y = x.clone()
    y[0] = y[1] * 2
    return y


def write_step(x):
    y = x * 1
    y[:, ::2] += 1
    return y


def write_through_view(x):
    y = x * 1
    y.view(-1)[2:5].mul_(3)
    return y


def write_through_transpose(x):
    y = x * 1
    y.t()[1].fill_(2.0)
    return y, y.sum(0)


def write_seen_by_earlier_view(x):
    y = x * 1
    view = y[1]
    y.add_(1)
    return view


def write_copy(x, y):
    z = torch.zeros(4, 5)
    z[1:3].copy_(y)
    return z + x


def write_after_read(x):
    y = x * 1
    before = y + 0
    y.mul_(2)
    return before + y


def reshape_copy_is_separate(x):
    y = x * 1
    copied = y.t().reshape(-1)
    copied.zero_()
    return y


WRITE = [
    fn("write slice", write_slice, F(3, 5)),
    fn("write channels", write_slice, IMAGE),
    fn("write select", write_select, F(3, 5)),
    fn("write step", write_step, F(3, 5)),
    fn("write through view", write_through_view, F(3, 5)),
    fn("write through transpose", write_through_transpose, F(3, 5)),
    fn("write seen by earlier view", write_seen_by_earlier_view, F(3, 5)),
    fn("write copy", write_copy, F(4, 5), F(2, 5)),
    fn("write after read", write_after_read, F(3, 5)),
    fn("reshape copy is separate", reshape_copy_is_separate, F(3, 5)),
]

CASES = CAT + RESHAPE + SLICE + PAD + WRITE
