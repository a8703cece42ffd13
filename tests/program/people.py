"""Programs as people write them: classes to be read by name. Read by tinynn's evaluator, and imported by the tests."""

import math
from collections import OrderedDict
from typing import List, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn import Conv2d, Parameter

WIDTHS = {"small": [8, "pool", 12], "large": [8, 8, "pool", 16]}


def conv_bn(c_in: int, c_out: int, stride: int = 1, **kwargs) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False, **kwargs),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
    )


def make_layers(plan):
    layers: List[nn.Module] = []
    c = 3
    for width in plan:
        if width == "pool":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            layers += [nn.Conv2d(c, width, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
            c = width
    return nn.Sequential(*layers), c


class Vgg(nn.Module):
    def __init__(self, size="small", num_classes=5):
        super(Vgg, self).__init__()
        self.features, c = make_layers(WIDTHS[size])
        self.pool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(nn.Linear(c * 2 * 2, 16), nn.ReLU(True), nn.Dropout(), nn.Linear(16, num_classes))
        self._initialize_weights()

    def _initialize_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    nn.init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                m.weight.data.normal_(0, 0.01)
                m.bias.data.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = self.pool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


class ConvBNReLU(nn.Sequential):
    def __init__(self, c_in, c_out, kernel=3, stride=1, groups=1):
        padding = (kernel - 1) // 2
        super().__init__(
            nn.Conv2d(c_in, c_out, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(c_out),
            nn.ReLU6(inplace=True),
        )


class InvertedResidual(nn.Module):
    def __init__(self, c_in, c_out, stride, ratio):
        super().__init__()
        assert stride in [1, 2], f"stride is {stride}"
        hidden = int(round(c_in * ratio))
        self.use_shortcut = stride == 1 and c_in == c_out
        layers = []
        if ratio != 1:
            layers.append(ConvBNReLU(c_in, hidden, kernel=1))
        layers.extend(
            [
                ConvBNReLU(hidden, hidden, stride=stride, groups=hidden),
                nn.Conv2d(hidden, c_out, 1, 1, 0, bias=False),
                nn.BatchNorm2d(c_out),
            ]
        )
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        if self.use_shortcut:
            return x + self.conv(x)
        else:
            return self.conv(x)


class Mobile(nn.Module):
    """Inverted residuals by a table of settings."""

    def __init__(self, block=InvertedResidual, width_mult=1.0):
        super().__init__()
        settings = [
            # t, c, n, s
            [1, 8, 1, 1],
            [3, 12, 2, 2],
        ]
        c = int(8 * width_mult)
        features = [ConvBNReLU(3, c, stride=2)]
        for t, out, n, s in settings:
            for i in range(n):
                features.append(block(c, out, s if i == 0 else 1, ratio=t))
                c = out
        self.features = nn.Sequential(*features)

    def forward(self, x):
        x = self.features(x)
        return x.mean([2, 3])


class DenseLayer(nn.Module):
    def __init__(self, c, growth):
        super().__init__()
        self.add_module("norm1", nn.BatchNorm2d(c))
        self.add_module("relu1", nn.ReLU(inplace=True))
        self.add_module("conv1", nn.Conv2d(c, growth, 3, padding=1))

    def forward(self, features):
        prev = torch.cat(features, 1)
        return self.conv1(self.relu1(self.norm1(prev)))


class DenseBlock(nn.ModuleDict):
    def __init__(self, n, c, growth):
        super().__init__()
        for i in range(n):
            layer = DenseLayer(c + i * growth, growth)
            self.add_module("denselayer%d" % (i + 1), layer)

    def forward(self, init):
        features = [init]
        for name, layer in self.items():
            features.append(layer(features))
        return torch.cat(features, 1)


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(OrderedDict([("conv0", nn.Conv2d(3, 4, 3)), ("norm0", nn.BatchNorm2d(4))]))
        for i, n in enumerate((2, 3), start=1):
            self.features.add_module(f"block{i}", DenseBlock(n, 4 if i == 1 else 8, 2))

    def forward(self, x):
        return F.relu(self.features(x), inplace=True)


class Attention(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, mask: Optional[torch.Tensor] = None):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = (q @ k.transpose(-2, -1)) * self.scale
        if mask is not None:
            attn = attn.masked_fill(mask == 0, float("-inf"))
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x)


class Vit(nn.Module):
    def __init__(self, dim=16, depth=2, patch=4, size=16, norm_layer=nn.LayerNorm):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, patch, patch)
        n = (size // patch) ** 2
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = Parameter(torch.randn(1, n + 1, dim) * 0.02)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)
        self.blocks = nn.ModuleList(
            [
                nn.ModuleDict(
                    {
                        "norm1": norm_layer(dim),
                        "attn": Attention(dim),
                        "norm2": norm_layer(dim, eps=1e-6),
                        "mlp": nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim)),
                    }
                )
                for _ in range(depth)
            ]
        )
        self.norm = norm_layer(dim)
        self.apply(self._init_weights)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        cls = self.cls_token.expand(x.shape[0], -1, -1)
        x = torch.cat((cls, x), dim=1) + self.pos_embed
        for block in self.blocks:
            x = x + block["attn"](block["norm1"](x))
            x = x + block["mlp"](block["norm2"](x))
        return self.norm(x)[:, 0]


class Positions(nn.Module):
    def __init__(self, dim=8, length=32):
        super().__init__()
        position = torch.arange(length).unsqueeze(1)
        div = torch.exp(torch.arange(0, dim, 2) * (-math.log(10000.0) / dim))
        pe = torch.zeros(length, dim)
        pe[:, 0::2] = torch.sin(position * div)
        pe[:, 1::2] = torch.cos(position * div)
        self.register_buffer("pe", pe, persistent=False)
        self.register_buffer("steps", torch.tensor(3.0))

    def forward(self, x):
        return x * self.steps + self.pe[: x.size(1)]


class SqueezeExcite(nn.Module):
    def __init__(self, c: int, reduction: int = 4) -> None:
        super().__init__()
        self.fc1 = Conv2d(c, max(c // reduction, 2), 1)
        self.fc2 = Conv2d(max(c // reduction, 2), c, 1)

    def _scale(self, x: torch.Tensor) -> torch.Tensor:
        s = F.adaptive_avg_pool2d(x, 1)
        return F.hardsigmoid(self.fc2(F.relu(self.fc1(s), inplace=True)), inplace=True)

    def forward(self, x):
        return self._scale(x) * x


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList()
        c = 3
        for width in (4, 8):
            self.down.append(conv_bn(c, width))
            c = width
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.se = SqueezeExcite(8)
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        skips = []
        for i, block in enumerate(self.down):
            x = block(x)
            if i != len(self.down) - 1:
                skips.append(x)
                x = self.pool(x)
        x = self.up(x)
        skip = skips.pop()
        if x.shape != skip.shape:
            x = F.interpolate(x, size=skip.shape[2:], mode="nearest")
        x = self.se(torch.cat([skip, x], dim=1))
        return {"mask": self.head(x), "edges": x[:, :1]}


class Tied(nn.Module):
    """One weight used by two layers, and one layer used twice."""

    def __init__(self, n=11, dim=6):
        super().__init__()
        self.embed = nn.Embedding(n, dim)
        self.mix = nn.Linear(dim, dim)
        self.head = nn.Linear(dim, n, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        x = self.embed(tokens)
        x = torch.tanh(self.mix(torch.tanh(self.mix(x))))
        return self.head(x)


class Inplace(nn.Module):
    """A write that another name sees."""

    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        y = x * 2 - 1
        z = self.relu(y)
        y += 1
        out = torch.zeros_like(x)
        out[:, 1] = z[:, 0]
        out[..., -1] = 5
        return out, y, z


class Properties(nn.Module):
    shift = 2

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    @property
    def channels(self):
        return self.conv.out_channels

    @staticmethod
    def double(x):
        return x * 2

    @torch.no_grad()
    def forward(self, x, *rest, scale: float = 2.0):
        x = self.double(self.conv(x)) * scale + self.shift
        w = self.conv.weight.sum() + self.conv.kernel_size[0]
        return x[:, : self.channels // 2] + w


class Measured(nn.Module):
    """A size found by running the features on zeros."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Flatten())
        with torch.no_grad():
            n = self.features(torch.zeros(1, 1, 8, 8)).shape[1]
        self.fc = nn.Linear(n, 2)

    def forward(self, x):
        return self.fc(self.features[1](self.features[:1](x)))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(input_size=6, hidden_size=4, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(8, 3)

    def forward(self, x, state: Optional[Tuple[torch.Tensor, torch.Tensor]] = None):
        out, (h, c) = self.rnn(x, state)
        return self.fc(out[:, -1, :]), h


SHAPES = {
    "Vgg": ((2, 3, 8, 8),),
    "Mobile": ((1, 3, 16, 16),),
    "Dense": ((1, 3, 6, 7),),
    "Vit": ((2, 3, 16, 16),),
    "Positions": ((2, 5, 8),),
    "Unet": ((1, 3, 9, 8),),
    "Tied": ((2, 4),),
    "Inplace": ((2, 3, 4),),
    "Properties": ((1, 3, 5, 5),),
    "Measured": ((2, 1, 8, 8),),
    "Recurrent": ((2, 5, 6),),
}
