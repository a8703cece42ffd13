"""Normalisations over the elements of a tensor."""

import torch
import torch.nn.functional as f
from case import F, fn, mod
from torch import nn
from torch.nn.utils import parametrizations


class Scattered(nn.Module):
    """A norm whose weight and bias are not ones and zeros."""

    def __init__(self, norm: nn.Module):
        super().__init__()
        self.norm = norm
        for parameter in norm.parameters():
            nn.init.normal_(parameter)

    def forward(self, x):
        return self.norm(x)


class ChannelsLastNorm(nn.Module):
    """A layer norm over the channels of a picture, as ConvNeXt has it."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.norm = Scattered(nn.LayerNorm(6))
        self.last = nn.Conv2d(6, 5, 1)

    def forward(self, x):
        return self.last(self.norm(self.conv(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


def norm(name: str, make, *inputs, **options):
    return mod(name, lambda: Scattered(make()), *inputs, **options)


CASES = [
    norm("layer norm", lambda: nn.LayerNorm(7), F(3, 5, 7)),
    norm("layer norm two dims", lambda: nn.LayerNorm((5, 7)), F(3, 5, 7)),
    norm("layer norm of 4-D", lambda: nn.LayerNorm((3, 5, 7)), F(2, 3, 5, 7)),
    norm("layer norm of 1-D", lambda: nn.LayerNorm(13), F(13)),
    norm("layer norm without bias", lambda: nn.LayerNorm(7, bias=False), F(3, 5, 7)),
    norm("layer norm plain", lambda: nn.LayerNorm(7, elementwise_affine=False), F(3, 5, 7)),
    norm("layer norm eps", lambda: nn.LayerNorm(7, eps=0.3), F(3, 5, 7)),
    fn("layer norm far from 0", lambda x: f.layer_norm(x + 100, (7,)), F(3, 5, 7), tolerance=1e-4,
       why="100 leaves float32 five digits of the deviations"),
    mod("layer norm over channels", ChannelsLastNorm, F(1, 3, 9, 7)),
    fn("native layer norm", lambda x: torch.native_layer_norm(x, [7], None, None, 1e-5)[0], F(3, 5, 7)),
    norm("group norm", lambda: nn.GroupNorm(2, 6), F(2, 6, 5, 7)),
    norm("group norm one group", lambda: nn.GroupNorm(1, 6), F(2, 6, 5, 7)),
    norm("group norm of single channels", lambda: nn.GroupNorm(6, 6), F(2, 6, 5, 7)),
    norm("group norm plain", lambda: nn.GroupNorm(3, 6, affine=False, eps=0.1), F(2, 6, 5, 7)),
    norm("group norm of 2-D", lambda: nn.GroupNorm(3, 12), F(5, 12)),
    norm("group norm of 3-D", lambda: nn.GroupNorm(3, 6), F(2, 6, 13)),
    norm("group norm of 5-D", lambda: nn.GroupNorm(3, 6), F(1, 6, 3, 5, 2)),
    mod("group norm between convolutions",
        lambda: nn.Sequential(nn.Conv2d(3, 8, 3), Scattered(nn.GroupNorm(4, 8)), nn.ReLU(), nn.Conv2d(8, 5, 1)),
        F(1, 3, 9, 7)),
    fn("native group norm", lambda x: torch.native_group_norm(x, None, None, 2, 6, 35, 3, 1e-5)[0], F(2, 6, 5, 7)),
    norm("instance norm 1d", lambda: nn.InstanceNorm1d(5), F(2, 5, 13)),
    norm("instance norm 2d", lambda: nn.InstanceNorm2d(5, affine=True), F(2, 5, 7, 7)),
    norm("instance norm 3d", lambda: nn.InstanceNorm3d(5, affine=True, eps=0.1), F(1, 5, 3, 4, 5)),
    norm("instance norm running", lambda: nn.InstanceNorm2d(5, affine=True, track_running_stats=True), F(2, 5, 7, 7)),
    norm("instance norm without batch", lambda: nn.InstanceNorm2d(5, affine=True), F(5, 7, 7)),
    norm("rms norm", lambda: nn.RMSNorm(7), F(3, 5, 7)),
    norm("rms norm eps", lambda: nn.RMSNorm(7, eps=0.2), F(3, 5, 7)),
    norm("rms norm two dims", lambda: nn.RMSNorm((5, 7)), F(3, 5, 7)),
    norm("rms norm plain", lambda: nn.RMSNorm(7, elementwise_affine=False), F(3, 5, 7)),
    mod("local response norm", lambda: nn.LocalResponseNorm(3), F(2, 7, 5, 5)),
    mod("local response norm arguments", lambda: nn.LocalResponseNorm(4, 0.3, 0.5, 2.0), F(1, 7, 5, 5)),
    mod("local response norm of 3-D", lambda: nn.LocalResponseNorm(2), F(2, 7, 5)),
    fn("normalize", lambda x: f.normalize(x), F(3, 7)),
    fn("normalize last", lambda x: f.normalize(x, dim=-1), F(3, 5, 7)),
    fn("normalize channels", lambda x: f.normalize(x, dim=1), F(1, 5, 7, 3)),
    fn("normalize by ones", lambda x: f.normalize(x, p=1.0, dim=2, eps=0.5), F(3, 5, 7)),
    mod("weight norm", lambda: parametrizations.weight_norm(nn.Conv2d(3, 5, 3)), F(1, 3, 7, 7)),
    mod("weight norm of linear", lambda: parametrizations.weight_norm(nn.Linear(7, 5), dim=1), F(3, 7)),
    mod("spectral norm", lambda: parametrizations.spectral_norm(nn.Linear(7, 5)), F(3, 7)),
]
