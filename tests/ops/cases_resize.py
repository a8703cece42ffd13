"""Resampling by size and by factor."""

import torch
import torch.nn.functional as f
from case import F, Input, fn, mod
from torch import nn

X1 = F(2, 3, 7)
X2 = F(1, 3, 5, 7)
X3 = F(1, 2, 3, 5, 4)
BYTES = Input("byte", (1, 3, 5, 7))


def resize(name: str, *inputs, **options):
    return fn(f"resize {name}", lambda x: f.interpolate(x, **options), *inputs)


class Decoder(nn.Module):
    """One step of a U-Net: the deeper map is brought to the size of the other one."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.up = nn.Conv2d(9, 4, 1)

    def forward(self, x):
        y = f.interpolate(self.down(x), size=x.shape[2:], mode="bilinear", align_corners=False)
        return self.up(torch.cat([x, y], 1))


CASES = [
    resize("nearest 1d", X1, size=13),
    resize("nearest 1d factor", X1, scale_factor=2),
    resize("nearest 2d", X2, size=(9, 5)),
    resize("nearest 2d factor", X2, scale_factor=2),
    resize("nearest 2d factors", X2, scale_factor=(1.5, 0.7)),
    resize("nearest 2d recomputed", X2, scale_factor=1.3, recompute_scale_factor=True),
    resize("nearest 2d odd factor", F(1, 3, 13, 11), scale_factor=2.3),
    resize("nearest 2d down", F(1, 3, 13, 11), size=(5, 3)),
    resize("nearest 3d", X3, size=(5, 4, 7)),
    resize("nearest 3d factor", X3, scale_factor=2),
    resize("nearest of bytes", BYTES, size=(9, 5)),
    resize("nearest-exact 1d", X1, size=13, mode="nearest-exact"),
    resize("nearest-exact 2d", X2, size=(9, 5), mode="nearest-exact"),
    resize("nearest-exact 2d factor", X2, scale_factor=(1.5, 0.7), mode="nearest-exact"),
    resize("nearest-exact 3d", X3, size=(5, 4, 7), mode="nearest-exact"),
    resize("linear", X1, size=13, mode="linear"),
    resize("linear corners", X1, size=13, mode="linear", align_corners=True),
    resize("linear factor", X1, scale_factor=1.3, mode="linear"),
    resize("bilinear", X2, size=(9, 5), mode="bilinear"),
    resize("bilinear corners", X2, size=(9, 5), mode="bilinear", align_corners=True),
    resize("bilinear factor 2", X2, scale_factor=2, mode="bilinear"),
    resize("bilinear factor 2 corners", X2, scale_factor=2, mode="bilinear", align_corners=True),
    resize("bilinear factors", X2, scale_factor=(1.5, 0.7), mode="bilinear"),
    resize("bilinear recomputed", X2, scale_factor=(1.5, 0.7), mode="bilinear", recompute_scale_factor=True),
    resize("bilinear one dimension", X2, size=(5, 13), mode="bilinear"),
    resize("bilinear to one", X2, size=(1, 1), mode="bilinear"),
    resize("bilinear to one corners", X2, size=(1, 9), mode="bilinear", align_corners=True),
    resize("bilinear from one", F(2, 3, 1, 1), size=(5, 7), mode="bilinear"),
    resize("bilinear same size", X2, size=(5, 7), mode="bilinear"),
    resize("bilinear antialias", F(1, 3, 13, 11), size=(5, 7), mode="bilinear", antialias=True),
    resize("bilinear antialias up", X2, size=(9, 13), mode="bilinear", antialias=True),
    resize("bicubic", X2, size=(9, 5), mode="bicubic"),
    resize("bicubic corners", X2, size=(9, 5), mode="bicubic", align_corners=True),
    resize("bicubic factor", X2, scale_factor=1.7, mode="bicubic"),
    resize("bicubic antialias", F(1, 3, 13, 11), size=(5, 7), mode="bicubic", antialias=True),
    resize("trilinear", X3, size=(5, 4, 7), mode="trilinear"),
    resize("trilinear corners", X3, size=(5, 4, 7), mode="trilinear", align_corners=True),
    resize("trilinear factor", X3, scale_factor=(2, 1.5, 0.8), mode="trilinear"),
    resize("area", X2, size=(2, 3), mode="area"),
    mod("upsample nearest module", lambda: nn.Upsample(scale_factor=2), X2),
    mod("upsample module", lambda: nn.UpsamplingBilinear2d(scale_factor=2), X2),
    mod("resize between convolutions", Decoder, F(1, 3, 9, 11)),
]
