"""Small programs with what TorchScript has and torch.export has not: control flow, objects, containers, text."""

import math
import warnings
from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn.functional as f
from torch import Tensor, nn


class Pair(NamedTuple):
    a: Tensor
    b: Optional[Tensor]
    n: int


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


@torch.jit.script
class Counter:
    def __init__(self, x: Tensor, n: int):
        self.x = x
        self.n = n

    def grow(self) -> Tensor:
        self.n += 1
        return self.x * self.n


@torch.jit.interface
class Layer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class AddOne(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class Double(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


class Loops(nn.Module):
    """Loops over module lists and dicts, while with break, writes through views, dicts."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        self.acts = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})
        self.names = ["x", "y"]
        self.sizes = {"k": 2}
        self.pair = (1, 2.5)

    def forward(self, x: Tensor, y: Optional[Tensor] = None) -> Dict[str, Tensor]:
        out: List[Tensor] = []
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i % 2 == 0:
                x = x * 2
        for name, act in self.acts.items():
            x = act(x)
            if name == "relu":
                x = x + 1
        i = 0
        while i < x.size(0) and i < 5:
            out.append(x[i])
            i += 1
            if i == 3:
                break
        if y is not None:
            x = x + y
        z = torch.stack(out, 0)
        z[0] = z[0] * 2
        z[:, 1:3] += 1.0
        z = z + self.sizes["k"]
        d = {"z": z, "x": x}
        for _, v in d.items():
            x = x + v.sum()
        assert x.dim() == 2, f"rank {x.dim()}"
        if len(self.names) > 1 and "x" in self.names:
            x = x - self.pair[1]
        d["w"] = x / float(x.size(1)) ** 0.5
        return d


class Early(nn.Module):
    """Early return out of a loop; an output that is None, one that is a list."""

    def forward(self, x: Tensor) -> Tuple[Tensor, Optional[Tensor], List[Tensor]]:
        if x.shape[0] > 3:
            return x * 2, None, [x, x + 1]
        for i in range(x.shape[0]):
            if i == 1:
                return x * 3, x + 0.5, [x - 1]
        return x + 7, None, []


class Recurrent(nn.Module):
    """A cell in a Python loop over time."""

    def __init__(self):
        super().__init__()
        self.w = nn.Linear(3, 5)
        self.u = nn.Linear(5, 5)

    def step(self, x: Tensor, h: Tensor) -> Tensor:
        return torch.tanh(self.w(x) + self.u(h))

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        h = torch.zeros(x.size(1), 5, dtype=x.dtype, device=x.device)
        outs: List[Tensor] = []
        for t in range(x.size(0)):
            h = self.step(x[t], h)
            outs += [h]
        return torch.cat([o.unsqueeze(0) for o in outs], dim=0), h


class Objects(nn.Module):
    """Classes, enums, named tuples, interfaces, attributes that change."""

    impl: Layer

    def __init__(self):
        super().__init__()
        self.impl = AddOne()
        self.mode = Mode.SLOW
        self.by_name = nn.ModuleDict({"add": AddOne(), "mul": Double()})
        self.in_order = nn.ModuleList([AddOne(), Double()])
        self.tensors = [torch.ones(2), torch.zeros(2)]
        self.by_key = {"q": torch.full((2,), 3.0)}
        self.count = 0
        self.register_buffer("state", torch.zeros(2))

    def forward(self, x: Tensor, key: str = "add") -> Tuple[Tuple[Tensor, List[Tensor]], Pair, int]:
        counter = Counter(x, 2)
        x = counter.grow() + counter.grow()
        p = Pair(x, None, 3)
        x = p.a * p.n
        x = self.impl(x)
        if self.mode == Mode.SLOW and self.mode.value == "slow" and self.mode.name == "SLOW":
            x = x + 1
        for k, m in self.by_name.items():
            if k == key:
                x = m(x)
        layer: Layer = self.in_order[1]
        x = layer.forward(x)
        x = x + self.tensors[0] + self.by_key["q"]
        self.count += 1
        self.state = self.state + x.sum(0)
        x = x + self.state * self.count
        return (x, [x - 1]), p, self.count


class Text(nn.Module):
    """Strings, numbers, lists and dicts that are computed away."""

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        parts = "a,b,c".split(",")
        if parts[0].upper() == "A" and "-".join(parts).startswith("a-b"):
            x = x + 1
        items = [3, 1, 2]
        items.sort()
        items.reverse()
        items.insert(0, 5)
        last = items.pop()
        head = items[0:2]
        head.extend([1])
        head.append(4)
        table = {1: 2}
        table.update({3: 4})
        found = table.get(1)
        del table[1]
        if found is not None and 3 in table and 1 not in table:
            x = x * found
        for a, b in zip([1, 2], [3, 4]):
            x = x + a * b
        for a in head[::2]:
            x = x + a
        n = x.numel() // 2 * math.floor(2.5) + math.ceil(1.2) - int(math.log(3.0)) + 7 % 4 - (-7) // 2 + len(items)
        x = x + n + round(2.5) + max(1, last) + min([4, 5]) + abs(-3) + 2**3 + math.sqrt(4) + sum([1, 2])
        squares = [i * i for i in range(4)]
        x = x + squares[-1]
        warnings.warn("unused")
        if x.dtype == torch.float32 and not x.is_cuda and x.device.type == "cpu":
            x = x * 2
        if torch.jit.is_scripting():
            pass
        value: Optional[float] = float("inf")
        if value is not None:
            x = torch.clamp(x, max=value)
        return {"x": x, "y": x.to(torch.int32).float()}


class Kinds(nn.Module):
    """isinstance, optional layers, with, constants made by the program, writes to an alias."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding="same")
        self.norm: Optional[nn.Module] = None
        self.drop = nn.Dropout2d(0.2)
        self.bn = nn.BatchNorm2d(4)
        self.register_buffer("bias", torch.arange(4.0).view(4, 1, 1))

    @torch.jit.export
    def shifted(self, x: Tensor) -> Tensor:
        return x + self.bias

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            y = self.conv(x)
        y = self.drop(self.bn(y)) + self.bias
        b, c, h, w = y.shape
        z = y.view(b, c * h, w).permute(0, 2, 1).reshape(b, -1)
        z.mul_(torch.tensor([2.0])[0])
        first, second = z.chunk(2, 1)
        z = first * torch.sigmoid(second)
        if isinstance(z, Tensor):
            z = z + torch.tensor([[1, 2], [3, 4]], dtype=torch.float32).sum()
        view = z.unsqueeze(0)
        view[..., 0] = 5.0
        z = f.max_pool1d(z.unsqueeze(1), 2).squeeze(1) if z.size(-1) > 4 else f.relu(z)
        return z if self.training else z.contiguous()


class DeadBranch(nn.Module):
    """An operator that nobody has, in a branch that is not taken."""

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() == 7:
            return torch.linalg.svdvals(x)
        return x + 1


class Inputs(nn.Module):
    """Tensors in a tuple and a list, and a number with a default."""

    def forward(self, pair: Tuple[Tensor, Tensor], more: List[Tensor], scale: float = 2.0) -> Tensor:
        total = pair[0] - pair[1]
        for one in more:
            total = total + one * scale
        return total


class Lacking(nn.Module):
    """Operators that tinynn does not have, two of them the same, and a decision on data."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(4, 4), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        y = torch.linalg.svdvals(self.inner(x))
        z = torch.linalg.svdvals(x) + y
        if bool((x.sum() > 0).item()):
            z = torch.linalg.eigvalsh(x) + z
        return torch.cumsum(torch.polygamma(1, z), 0)
