"""Pixels at places that a grid names."""

import torch
import torch.nn.functional as f
from case import Case, F, V, fn, mod
from cases_math import NO_ROUND
from torch import nn


def sample(name: str, *inputs, mode: str = "bilinear", **options) -> Case:
    reason = NO_ROUND if mode == "nearest" else ""
    return fn(f"grid_sample {name}", lambda x, grid: f.grid_sample(x, grid, mode, **options), *inputs,
              litert_reference=reason)


IMAGE = F(2, 3, 5, 7), F(2, 4, 1, 2, scale=1.5)
VOLUME = F(2, 3, 5, 1, 7), F(2, 4, 1, 2, 3, scale=1.5)

FLAT = [
    sample(f"{mode} {padding}{' corners' if corners else ''}", *IMAGE, mode=mode, padding_mode=padding,
           align_corners=corners)
    for mode in ("bilinear", "nearest", "bicubic")
    for padding in ("zeros", "border", "reflection")
    for corners in (False, True)
]

DEEP = [
    sample(f"3-D {mode} {padding}", *VOLUME, mode=mode, padding_mode=padding, align_corners=padding == "border")
    for mode in ("bilinear", "nearest")
    for padding in ("zeros", "border", "reflection")
]

EDGES = [
    fn(f"grid_sample {mode} {padding} at the edges",
       lambda x, p: f.grid_sample(x, torch.stack([p, p.flip(0)], 1).reshape(1, 1, -1, 2), mode, padding,
                                  align_corners=True),
       F(1, 2, 5, 3), V(-3.0, -1.5, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 7.0),
       litert_reference=NO_ROUND if mode == "nearest" else "")
    for mode in ("bilinear", "nearest", "bicubic")
    for padding in ("zeros", "border", "reflection")
]


class Transformer(nn.Module):
    """A spatial transformer: the network says how its picture is turned."""

    def __init__(self):
        super().__init__()
        self.look = nn.Conv2d(3, 8, 3, 2, 1)
        self.turn = nn.Linear(8, 6)
        self.see = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        theta = self.turn(self.look(x).mean((2, 3))).view(-1, 2, 3)
        grid = f.affine_grid(theta, x.shape, align_corners=False)
        return self.see(f.grid_sample(x, grid, align_corners=False))


OTHERS = [
    sample("of one pixel", F(1, 1, 1, 1), F(1, 2, 3, 2), align_corners=True, padding_mode="border"),
    sample("of one pixel reflected", F(1, 1, 1, 1), F(1, 2, 3, 2), align_corners=True, padding_mode="reflection",
           mode="bicubic"),
    fn("grid_sample of constants", lambda x: f.grid_sample(x, f.affine_grid(
        torch.tensor([[[0.8, -0.6, 0.1], [0.6, 0.8, -0.2]]]), [1, 2, 5, 7], align_corners=False), align_corners=False),
       F(1, 2, 5, 7)),
    fn("affine_grid", lambda x: f.affine_grid(x, [2, 3, 5, 7], align_corners=False), F(2, 2, 3)),
    fn("affine_grid corners", lambda x: f.affine_grid(x, [1, 3, 2, 7], align_corners=True), F(1, 2, 3)),
    fn("affine_grid 3-D", lambda x: f.affine_grid(x, [2, 3, 5, 2, 7], align_corners=False), F(2, 3, 4)),
    mod("spatial transformer", Transformer, F(1, 3, 13, 13)),
]

CASES = FLAT + DEEP + EDGES + OTHERS
