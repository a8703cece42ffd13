"""Moving elements about, and numbers made from nothing."""

import torch
import torch.nn.functional as f
from case import B, F, I64, N, fn, mod
from torch import nn

X = F(5, 7)
Y = F(3, 5, 7)
IMAGE = F(1, 4, 6, 8)

MOVING = [
    fn("roll", lambda x: x.roll(2, 0), X),
    fn("roll negative", lambda x: x.roll(-3, 1), X),
    fn("roll two", lambda x: x.roll((1, -2), (0, 1)), X),
    fn("roll flat", lambda x: x.roll(9), X),
    fn("roll of image", lambda x: x.roll((2, -3), (2, 3)), IMAGE),
    fn("flip", lambda x: x.flip(0), X),
    fn("flip two", lambda x: x.flip(0, 2), Y),
    fn("flip image", lambda x: x.flip(-1), IMAGE),
    fn("flip of int64", lambda x: x.flip(0, 1), I64(5, 3)),
    fn("fliplr", torch.fliplr, X),
    fn("flipud", torch.flipud, X),
    fn("rot90", torch.rot90, X),
    fn("rot90 twice", lambda x: torch.rot90(x, 2, (1, 2)), Y),
    fn("rot90 back", lambda x: torch.rot90(x, -1, (2, 1)), Y),
    fn("rot90 four times", lambda x: torch.rot90(x, 4), X),
    fn("tril", torch.tril, X),
    fn("tril below", lambda x: x.tril(-2), Y),
    fn("triu", torch.triu, X),
    fn("triu above", lambda x: x.triu(1), Y),
    fn("triu of infinities", lambda x: torch.full((5, 5), float("-inf")).triu(1).softmax(1) + x, F(5, 5)),
    fn("tril of bools", lambda x: x.tril(1), B(5, 5)),
    fn("repeat", lambda x: x.repeat(2, 3), X),
    fn("repeat more dims", lambda x: x.repeat(2, 1, 3), X),
    fn("repeat of image", lambda x: x.repeat(1, 2, 3, 1), IMAGE),
    fn("repeat of convolution", lambda x: f.conv2d(x, torch.ones(3, 4, 1, 1)).repeat(1, 2, 1, 1), IMAGE),
    fn("tile", lambda x: x.tile(3), X),
    fn("repeat_interleave", lambda x: x.repeat_interleave(3, 0), X),
    fn("repeat_interleave flat", lambda x: x.repeat_interleave(2), X),
    fn("repeat_interleave channels", lambda x: x.repeat_interleave(2, 1), IMAGE),
    fn("meshgrid", lambda a, b: torch.meshgrid(a, b, indexing="ij"), F(5), F(7)),
    fn("meshgrid xy", lambda a, b: torch.meshgrid(a, b, indexing="xy"), F(5), F(7)),
    fn("broadcast_tensors", lambda a, b: torch.broadcast_tensors(a, b), F(5, 1), F(7)),
    fn("broadcast_to", lambda x: x.broadcast_to(3, 5, 7), F(5, 1)),
    fn("dstack", lambda a, b: torch.dstack((a, b)), X, X),
    fn("column_stack", lambda a, b: torch.column_stack((a, b)), F(5), F(5, 2)),
    fn("block_diag", lambda a, b: torch.block_diag(a, b), F(2, 3), F(3, 1)),
    fn("cartesian_prod", lambda a, b: torch.cartesian_prod(a, b), F(2), F(3)),
    fn("atleast_2d", torch.atleast_2d, F(5)),
    fn("atleast_3d", torch.atleast_3d, F(5)),
]

DIAGONALS = [
    fn("diagonal", lambda x: x.diagonal(), X),
    fn("diagonal above", lambda x: x.diagonal(2, 1, 2), Y),
    fn("diagonal below", lambda x: x.diagonal(-1, 0, 2), Y),
    fn("diag of matrix", torch.diag, X),
    fn("diag of vector", lambda x: torch.diag(x, -2), F(5)),
    fn("diag_embed", torch.diag_embed, X),
    fn("diag_embed above", lambda x: torch.diag_embed(x, 1, 0, 2), X),
    fn("diag_embed below", lambda x: torch.diag_embed(x, -2), F(2, 3, 4)),
    fn("diag_embed of rank 5", torch.diag_embed, F(1, 2, 1, 3, 4)),
    fn("diag_embed dims", lambda x: torch.diag_embed(x, 0, 1, -1), F(2, 3, 4)),
    fn("diag_embed integers", torch.diag_embed, I64(3, 5)),
    fn("diag_embed bools", torch.diag_embed, B(3, 5)),
    fn("diag_embed bytes", torch.diag_embed, N("uint8", 5)),
    fn("diag_embed of one", torch.diag_embed, F(1)),
    fn("repeat_interleave by a table", lambda x: x.repeat_interleave(torch.tensor([2, 0, 3, 1, 1]), 0), X),
    fn("diagflat", torch.diagflat, F(2, 2)),
    fn("trace", torch.trace, X),
]

NUMBERS = [
    fn("arange", lambda x: x + torch.arange(7), X),
    fn("arange float", lambda x: x + torch.arange(0.5, 4, 0.5), X),
    fn("arange steps", lambda x: x + torch.arange(10, -4, -2), X),
    fn("arange long", lambda x: x + torch.arange(9000), F(1)),
    fn("linspace", lambda x: x + torch.linspace(-1, 2, 7), X),
    fn("eye", lambda x: x + torch.eye(5, 7), X),
    fn("full large", lambda x: x + torch.full((200, 200), 0.5), F(1)),
    fn("ones_like", lambda x: x + torch.ones_like(x), X),
]

WINDOWS = [
    fn("unfold tensor", lambda x: x.unfold(1, 3, 2), X),
    fn("unfold image", lambda x: x.unfold(2, 3, 3).unfold(3, 4, 4), IMAGE),
    fn("unfold overlapping", lambda x: x.unfold(-1, 4, 1), Y),
    fn("im2col", lambda x: f.unfold(x, 3), IMAGE),
    fn("im2col arguments", lambda x: f.unfold(x, (2, 3), dilation=(2, 1), padding=(1, 2), stride=(2, 1)), IMAGE),
    fn("im2col without batch", lambda x: f.unfold(x, 2, stride=2), F(4, 6, 8)),
    fn("col2im", lambda x: f.fold(x, (6, 8), 2, stride=2), F(2, 12, 12)),
    fn("col2im overlapping", lambda x: f.fold(x, (5, 6), 3), F(1, 18, 12)),
    fn("col2im arguments", lambda x: f.fold(x, (6, 7), (2, 3), dilation=(2, 1), padding=(1, 1), stride=(2, 2)),
       F(2, 12, 12)),
    fn("col2im without batch", lambda x: f.fold(x, (6, 8), 2, stride=2), F(12, 12)),
]

CHANNELS = [
    fn("pixel_shuffle", lambda x: f.pixel_shuffle(x, 2), IMAGE),
    fn("pixel_shuffle more", lambda x: f.pixel_shuffle(x, 3), F(2, 18, 3, 5)),
    fn("pixel_shuffle of 3-D", lambda x: f.pixel_shuffle(x, 2), F(8, 3, 5)),
    mod("pixel_shuffle of convolution", lambda: nn.Sequential(nn.Conv2d(4, 12, 3), nn.PixelShuffle(2)), IMAGE),
    mod("pixel_shuffle of activation",
        lambda: nn.Sequential(nn.Conv2d(4, 18, 3, bias=False), nn.ReLU(), nn.PixelShuffle(3), nn.Conv2d(2, 3, 1)), IMAGE),
    mod("pixel_shuffle of transposed convolution",
        lambda: nn.Sequential(nn.ConvTranspose2d(4, 12, 3), nn.BatchNorm2d(12), nn.PixelShuffle(2)), IMAGE),
    mod("pixel_shuffle of groups", lambda: nn.Sequential(nn.Conv2d(4, 8, 3, groups=2), nn.PixelShuffle(2)), IMAGE),
    mod("pixel_unshuffle and convolution", lambda: nn.Sequential(nn.PixelUnshuffle(2), nn.SiLU(), nn.Conv2d(8, 3, 3, 1, 1)),
        F(2, 2, 4, 6)),
    mod("pixel_unshuffle and transposed convolution",
        lambda: nn.Sequential(nn.PixelUnshuffle(2), nn.Hardswish(), nn.ConvTranspose2d(8, 3, 3)), F(1, 2, 4, 6)),
    fn("pixel_unshuffle", lambda x: f.pixel_unshuffle(x, 2), IMAGE),
    fn("channel_shuffle", lambda x: f.channel_shuffle(x, 2), IMAGE),
    mod("channel_shuffle between convolutions",
        lambda: nn.Sequential(nn.Conv2d(4, 6, 3), nn.ChannelShuffle(3), nn.Conv2d(6, 5, 1)), IMAGE),
]

CASES = MOVING + DIAGONALS + NUMBERS + WINDOWS + CHANNELS
