"""A small network for the tests of the Python package: convolutions, a branch, a classifier."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return x + torch.relu(self.norm(self.conv(x)))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2)
        self.block = Block(8)
        self.head = nn.Linear(8, 5)

    def forward(self, image):
        return self.head(self.block(self.stem(image)).mean((2, 3)))


def make(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network().eval()


def image(seed: int = 1) -> torch.Tensor:
    return torch.rand(1, 3, 13, 9, generator=torch.Generator().manual_seed(seed))
