"""Networks whose rounding is known to hurt at one place."""

import torch
from torch import Tensor, nn


class Named(nn.Module):
    """Convolutions with all that is fused into them, a composite, and an operator without an integer kernel."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.drop = nn.Dropout(0.5)
        self.body = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.BatchNorm2d(8), nn.SiLU())
        self.head = nn.Sequential(nn.Conv2d(8, 6, 1), nn.Softmax(1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.drop(self.stem(x))
        return self.head(x + self.body(x)) * x.mean().sin()


class BadConcat(nn.Module):
    """Large numbers and small ones under one scale, which a layer makes equally important."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = (nn.Sequential(nn.Conv2d(n, 8, 3, padding=1), nn.ReLU()) for n in (3, 8, 8))
        self.d, self.e = nn.Conv2d(16, 8, 1), nn.Conv2d(8, 4, 1)
        with torch.no_grad():
            self.d.weight[:, :8] /= 1000

    def forward(self, x: Tensor) -> Tensor:
        x = self.a(x)
        return self.e(self.d(torch.cat([self.b(x) * 1000, self.c(x)], 1)).relu())


class BadBesides(nn.Module):
    """Two branches: one of weights with a large one, which meets only zeros; one with a large value that nobody reads."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(4, 8, 1), nn.Conv2d(4, 8, 1), nn.Conv2d(8, 8, 1)
        with torch.no_grad():
            self.a.weight[0, 0] = 17  # of a channel that is 0
            self.b.weight[2, 0] = 12
            self.b.weight[:2] = 0
            self.b.bias[0], self.b.bias[1] = 140, 0
            self.c.weight[:, 0] = 0
            self.c.weight[0, 1] = 16

    def forward(self, x: Tensor) -> Tensor:
        return self.a(x) + self.c(self.b(x).relu())
