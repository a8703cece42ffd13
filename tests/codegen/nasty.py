"""Modules that make code generation sweat: each by name, with its inputs, whose first size is the batch."""

from collections import OrderedDict

import torch
import torch.nn.functional as f
from torch import Tensor, nn


class Shared(nn.Module):
    """A module called twice, one of no parameters called thrice."""

    def __init__(self):
        super().__init__()
        self.fc, self.act = nn.Linear(6, 6), nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.fc(self.act(self.fc(self.act(x)))))


class Tied(nn.Module):
    """One parameter in two modules, and used by itself."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(6, 6), nn.Linear(6, 6)
        self.decoder.weight = self.encoder.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x)) * self.encoder.weight.sum()


class Dicts(nn.Module):
    """Several inputs; outputs in containers of containers."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x: Tensor, y: Tensor):
        z = self.fc(x - y)
        return {"a b": z, "parts": [z[:, :2], (z + 1, None)], "same": z}


class Slices(nn.Module):
    """Slices, steps, selected places, gathered rows, and writes through views."""

    def __init__(self):
        super().__init__()
        self.register_buffer("order", torch.tensor([3, 1, 0]))

    def forward(self, x: Tensor) -> Tensor:
        y = x.clone()
        y[:, 1:4] = x[:, 2:5] * 2
        y[:, 0] += x[:, 5]
        y[:, ::2].mul_(3)
        return torch.cat([y[:, self.order], y[:, -1].unsqueeze(1), x[:, 1::2]], 1)


class Constants(nn.Module):
    """Constants of every size and of many types."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(6))
        self.register_buffer("mean", torch.randn(1, 6))
        self.register_buffer("large", torch.randn(20, 6))
        self.register_buffer("nothing", torch.zeros(0, 6))

    def forward(self, x: Tensor) -> Tensor:
        y = x * torch.tensor(0.1) + torch.tensor([[1.5, -2.0, float("inf"), 1e-8, 1e30, 3.0]]).clamp(max=4)
        y = y + self.table - self.mean + self.large.sum(0)
        keep = torch.tensor([True, False, True, True, False, True])
        y = torch.where(keep, y, torch.arange(6) // 2)
        return torch.cat([y, self.nothing, y.double().float() / 3])


class Digits(nn.Sequential):
    """Names that are digits, in several levels."""

    def __init__(self):
        super().__init__(nn.Sequential(nn.Linear(6, 4), nn.Tanh()), nn.Sequential(nn.Sequential(nn.Linear(4, 2))))


class OddNames(nn.Module):
    """Names that are no identifiers, that Python keeps, or that nn.Module has; two that become one."""

    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"a-b": nn.Linear(6, 6), "class": nn.Linear(6, 6), "größe": nn.Linear(6, 6)})
        self.parts_a = nn.Module()
        self.parts_a.b = nn.Linear(6, 6)
        self.body = nn.Sequential(OrderedDict([("lambda", nn.Linear(6, 6)), ("self", nn.ReLU())]))
        self.add = nn.ModuleDict({"module": nn.Linear(6, 6)})

    def forward(self, x: Tensor) -> Tensor:
        for part in self.parts.values():
            x = part(x)
        return self.add["module"](self.body(self.parts_a.b(x)))


class Sizes(nn.Module):
    """Arithmetic with sizes that depend on the input."""

    def forward(self, x: Tensor) -> Tensor:
        n, c = x.shape[0], x.size(1)
        y = x.reshape(n, 2, c // 2).transpose(1, 2).reshape(-1, 2)
        z = y.reshape(n, -1) + torch.ones(n, 1).expand(n, c) + torch.zeros(2 * n + 1).sum()
        z = z + x.new_zeros((n, c)) + torch.ones_like(x) - x.new_ones(1)
        return torch.cat([z, torch.full((n, 3), 0.5)], 1).view(n * 3, (c + 3) // 3)


class Functional(nn.Module):
    """No modules at all: parameters of its own and functions."""

    def __init__(self):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(4, 3, 3, 3))
        self.shift = nn.Parameter(torch.randn(4))
        self.matrix = nn.Parameter(torch.randn(5, 4))

    def forward(self, x: Tensor) -> Tensor:
        x = f.relu6(f.conv2d(x, self.kernel, self.shift, stride=(2, 1), padding="valid"))
        x = f.avg_pool2d(f.max_pool2d(f.pad(x, [1, 0, 2, 1], value=0.5), 2), 2, ceil_mode=True)
        x = f.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = f.layer_norm(x, x.shape[1:]) + f.gelu(x, approximate="tanh") - f.silu(x) * f.softplus(x, 2.0)
        x = f.adaptive_avg_pool2d(f.dropout(x, 0.3, self.training), 1).flatten(1)
        x = f.normalize(f.linear(x, self.matrix)) ** 2
        return torch.log_softmax(1 - x, -1) + torch.std(x, 1, keepdim=True) + x.max(1, keepdim=True).values


class Training(nn.Module):
    """A branch of training, and layers that behave differently in it."""

    def __init__(self):
        super().__init__()
        self.fc, self.norm, self.drop = nn.Linear(6, 6), nn.BatchNorm1d(6), nn.Dropout(0.4)
        self.aux = nn.Linear(6, 2)

    def forward(self, x: Tensor):
        x = self.drop(self.norm(self.fc(x)))
        if self.training:
            return x, self.aux(x)
        return x * 2


class Recurrent(nn.Module):
    """Recurrent layers of several kinds, with states that are given and that are read."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5, 2, batch_first=True, bidirectional=True, proj_size=3)
        self.gru = nn.GRU(6, 4, batch_first=True, bias=False)
        self.rnn = nn.RNN(4, 4, nonlinearity="relu", batch_first=True)

    def forward(self, x: Tensor):
        y, (h, c) = self.lstm(x)
        z, state = self.gru(y)
        return self.rnn(z, state)[0], h, c * 2


class Layers(nn.Module):
    """Constructors with arguments away from their defaults."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, (3, 5), (1, 2), "valid", (2, 1), bias=False), nn.InstanceNorm2d(8, affine=True), nn.ELU(0.5),
            nn.Conv2d(8, 8, 3, padding="same", groups=4), nn.GroupNorm(2, 8, 1e-3), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(8, 6, 3, 2, 1, 1, 2, dilation=2), nn.BatchNorm2d(6, 1e-3, 0.2, affine=False), nn.PReLU(6),
            nn.Upsample(scale_factor=2, mode="bilinear"), nn.AvgPool2d(2, 1, 1, count_include_pad=False), nn.Hardtanh(-2.0, 3.0),
            nn.ZeroPad2d((1, 2, 0, 1)), nn.AdaptiveAvgPool2d((8, 6)), nn.PixelUnshuffle(2), nn.Softplus(2, 10),
            nn.Flatten(2), nn.LayerNorm([24, 12], bias=False), nn.GLU(1), nn.Softmax(-1), nn.Unflatten(2, (3, 4)))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


class Words(nn.Module):
    """Indices into tables; attention."""

    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(9, 8, padding_idx=0), nn.Parameter(torch.randn(5, 8))
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.words(x) + self.places
        return self.attention(y, y, y, need_weights=False)[0].mean(1)


class Doubles(nn.Module):
    """Modules of another type than float32, a cell of a recurrent network, layers that are no single operator."""

    def __init__(self):
        super().__init__()
        self.fc, self.slope, self.cell = nn.Linear(6, 4).double(), nn.PReLU().double(), nn.LSTMCell(4, 3).double()
        self.soft = nn.Sequential(nn.Softsign(), nn.Tanhshrink(), nn.Softmin(1))

    def forward(self, x: Tensor) -> Tensor:
        h, c = self.cell(self.slope(self.fc(x.double())))
        return self.soft(h + c).float()


FLAT, IMAGE, SEQUENCE = (1, 6), (1, 3, 12, 14), (1, 5, 6)
CASES = {name: (make, shapes) for name, make, *shapes in [
    ("shared", Shared, FLAT), ("tied", Tied, FLAT), ("dicts", Dicts, FLAT, FLAT), ("slices", Slices, FLAT),
    ("constants", Constants, FLAT), ("digits", Digits, FLAT), ("odd names", OddNames, FLAT), ("sizes", Sizes, FLAT),
    ("functional", Functional, IMAGE), ("training", Training, FLAT), ("recurrent", Recurrent, SEQUENCE),
    ("layers", Layers, IMAGE), ("words", Words, (1, 5)), ("doubles", Doubles, FLAT)]}


def build(name: str) -> nn.Module:
    torch.manual_seed(0)
    return CASES[name][0]().eval()


def inputs(name: str, batch: int = 1) -> tuple[Tensor, ...]:
    torch.manual_seed(batch)
    if name == "words":
        return (torch.randint(0, 9, (batch, 5)),)
    return tuple(torch.randn(batch * shape[0], *shape[1:]) for shape in CASES[name][1])
