import torch, math
import torch.nn.functional as F
from collections import OrderedDict

SIZES = {"a": (1, 2), "b": [3]}


class Net(torch.nn.Module):
    def forward(self, x, y=None):
        d = OrderedDict([("k%d" % i, v) for i, v in enumerate(SIZES.items(), start=1)])
        while len(d) < 3:
            d["x"] = 1
        x = F.pad(x, (1, 1), mode="reflect") if len(d) == 3 else x
        x = F.interpolate(x.unsqueeze(0), scale_factor=2.0, mode="linear", align_corners=True)
        w = torch.zeros(2, 4).normal_() if y is not None else torch.einsum("nij->nji", x)
        a, (b, *c) = 1, (2, 3) if x is None else (1, 2)
        return torch.cat([w, *[x.transpose(1, 2)]], dim=-1), w.max(1).values, math.sqrt(a)
