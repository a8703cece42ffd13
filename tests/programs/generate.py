"""Random programs of views, in-place writes, slices, indices, masks, reshapes, casts, branches and loops on sizes, and lists
of tensors.

A program is the text of an nn.Module, in the part of Python that torch.jit.script takes too. It is written statement by
statement: each one is tried on real tensors, and what PyTorch refuses is left out. What PyTorch leaves open is left out as
well: writes that read from an overlapping view of the same memory, and writes to overlapping windows.
"""

import random
from dataclasses import dataclass

import torch

DTYPES = ("float32", "int32", "int64", "bool")
MAX_RANK = 5
MAX_ELEMENTS = 640
HEAD = """import torch
from typing import List


class Program(torch.nn.Module):
    def forward(self, {arguments}):
"""


@dataclass(frozen=True)
class Program:
    source: str
    shapes: tuple[tuple[int, ...], ...]
    dtypes: tuple[str, ...]
    writes_inputs: bool = False

    def inputs(self) -> tuple[torch.Tensor, ...]:
        """Integers, and floats that are quarters, so that sums and products are exact in any order."""
        generator = torch.Generator().manual_seed(0)
        whole = [torch.randint(-9, 10, shape, generator=generator) for shape in self.shapes]
        return tuple(
            tensor / 4 if dtype == "float32" else tensor > 0 if dtype == "bool" else tensor.to(getattr(torch, dtype))
            for tensor, dtype in zip(whole, self.dtypes)
        )


def addresses(tensor: torch.Tensor) -> torch.Tensor:
    """Where each element of a tensor lies in its storage."""
    size = tensor.untyped_storage().nbytes() // tensor.element_size()
    return torch.arange(size).as_strided(tensor.shape, tensor.stride(), tensor.storage_offset())


def is_writable(tensor: torch.Tensor) -> bool:
    return addresses(tensor).unique().numel() == tensor.numel()


def shares_storage(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


class Writer:
    """A program that grows; `env` holds its variables as they stand after the last statement."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.n_names = 0
        self.lines: list[str] = []
        self.names: list[str] = []
        self.env: dict = {"torch": torch, "List": list}

    # What the statements are made of.

    def fresh(self) -> str:
        self.n_names += 1
        return f"v{self.n_names}"

    def tensor(self) -> str:
        """A variable, a late one more likely."""
        newest = self.names[-4:]
        return self.random.choice(newest if self.random.random() < 0.6 else self.names)

    def shape(self, name: str) -> list[int]:
        return list(self.env[name].shape)

    def dim(self, name: str) -> int:
        rank = self.env[name].dim()
        return self.random.randrange(-rank, rank) if rank else 0

    def number(self, name: str) -> str:
        if self.env[name].dtype == torch.float32:
            return str(self.random.choice([0.5, -1.0, 2.0, 1.25, 3, -2]))
        if self.env[name].dtype == torch.bool:
            return self.random.choice(["1", "0"])  # tracing does not take True
        return str(self.random.choice([1, -1, 2, 3, -2]))

    def add(self, text: str, new: str | None = None) -> bool:
        """Run the statement; keep it when PyTorch takes it and its result is of a size that we want."""
        try:
            exec(text, self.env)
        except Exception:
            return False
        if new is not None:
            made = self.env[new]
            if not 0 < made.numel() <= MAX_ELEMENTS or made.dim() > MAX_RANK:
                return False
            self.names.append(new)
        self.lines += text.splitlines()
        return True

    def define(self, expression: str) -> bool:
        new = self.fresh()
        return self.add(f"{new} = {expression}", new)

    def other_shape(self, name: str) -> list[int]:
        """Sizes with as many elements."""
        primes, rest = [], self.env[name].numel()
        for prime in (2, 3, 5, 7, 11, 13):
            while rest % prime == 0:
                primes.append(prime)
                rest //= prime
        primes += [rest] if rest > 1 else []
        self.random.shuffle(primes)
        sizes = [1] * self.random.randint(1, 4)
        for prime in primes:
            sizes[self.random.randrange(len(sizes))] *= prime
        if self.random.random() < 0.3:
            sizes[self.random.randrange(len(sizes))] = -1
        return sizes

    def one_index(self, size: int) -> str:
        kind = self.random.random()
        at = self.random.randrange(-size, size)
        if kind < 0.3:
            return ":"
        if kind < 0.5:
            return str(at)
        if kind < 0.7:
            return f"{self.random.randrange(size)}:"
        if kind < 0.85:
            return f":{self.random.choice([at, size + 3])}"
        return f"{self.random.randrange(2)}::{self.random.randint(2, 3)}"

    def index(self, name: str) -> str:
        shape = self.shape(name)
        parts = [self.one_index(size) for size in shape[: self.random.randint(1, max(len(shape), 1))]]
        if not parts:
            return ":"  # no part of a number
        if self.random.random() < 0.15:
            parts.insert(self.random.randint(0, len(parts)), "None")
        if self.random.random() < 0.15:
            parts.insert(0, "...")
        return ", ".join(parts)

    # Views.

    def view(self) -> bool:
        t = self.tensor()
        rank, random = self.env[t].dim(), self.random
        dim = self.dim(t)
        size = self.shape(t)[dim] if rank else 1
        order = random.sample(range(rank), rank)
        half = random.randint(1, max(size // 2, 1))
        n = random.randint(1, 3)
        other = self.tensor()
        return self.define(random.choice([
            f"{t}.view({self.other_shape(t)})",
            f"{t}.reshape({self.other_shape(t)})",
            f"{t}.reshape({self.other_shape(t)})",
            f"{t}[{self.index(t)}]",
            f"{t}[{self.index(t)}]",
            f"{t}.permute({order})",
            f"{t}.transpose({dim}, {self.dim(t)})",
            f"{t}.unsqueeze({random.randint(-rank - 1, rank)})",
            f"{t}.squeeze()",
            f"{t}.squeeze({dim})",
            f"{t}.expand({[random.choice([2, 1])] + [-1 if s > 1 else random.randint(1, 3) for s in self.shape(t)]})",
            f"{t}.expand_as({other})",
            f"{t}.narrow({dim}, {random.randrange(size)}, {half})",
            f"{t}.select({dim}, {random.randrange(size)})",
            f"{t}.split({half}, {dim})[{random.choice([0, -1])}]",
            f"{t}.split([{half}, {size - half}], {dim})[1]",
            f"{t}.chunk({n}, {dim})[{random.choice([0, -1])}]",
            f"torch.tensor_split({t}, {n}, {dim})[0]",
            f"torch.tensor_split({t}, [{half}], {dim})[-1]",
            f"{t}.unbind({dim})[0]",
            f"{t}.unfold({dim}, {random.randint(1, min(size, 4))}, {n})",
            f"{t}.diagonal({random.randint(-1, 1)}, {dim}, {self.dim(t)})",
            f"{t}.movedim({dim}, {self.dim(t)})",
            f"{t}.swapaxes({dim}, {self.dim(t)})",
            f"{t}.flatten({random.randrange(max(rank, 1))})",
            f"{t}.unflatten({dim}, [{half}, -1])",
            f"{t}.mT" if rank > 1 else f"{t}.detach()",
            f"{t}.t()",
            f"{t}.T" if rank == 2 else f"{t}.ravel()",
            f"torch.adjoint({t})" if rank > 1 else f"{t}.detach()",
            f"{t}.moveaxis({dim}, {self.dim(t)})",
            f"{t}.swapdims({dim}, {self.dim(t)})",
            f"{t}.flatten({dim % max(rank, 1)}, -1)",
            f"{t}.split_with_sizes([{size - half}, {half}], {dim})[0]",
            f"torch.hsplit({t}, {n})[0]",
            f"{t}.broadcast_to({[2] + self.shape(t)})",
            f"{t}.view_as({other})",
            f"{t}.reshape_as({other})",
            f"{t}.detach()",
            f"{t}.contiguous()",
            f"{t}.as_strided({self.strided(t)})",
        ]))

    def strided(self, name: str) -> str:
        tensor = self.env[name]
        rank = self.random.randint(1, 3)
        sizes = [self.random.randint(1, 3) for _ in range(rank)]
        strides = [self.random.choice([1, 2, 3, 6]) for _ in range(rank)]
        room = tensor.untyped_storage().nbytes() // tensor.element_size()
        last = sum((size - 1) * stride for size, stride in zip(sizes, strides))
        return f"{sizes}, {strides}, {self.random.randrange(max(room - last, 1))}"

    # New tensors.

    def copy(self) -> bool:
        t = self.tensor()
        dtype = self.random.choice(DTYPES)
        return self.define(self.random.choice([
            f"{t}.clone()",
            f"{t}.to(torch.{dtype})",
            f"{t}.to(torch.{dtype}, copy=True)",
            f"{t} + {self.number(t)}",
            f"torch.zeros_like({t})",
            f"torch.zeros({self.shape(t)}, dtype=torch.{dtype})",
            f"torch.ones({self.shape(t)})",
            f"torch.full({self.shape(t)}, {self.number(t)})",
        ]))

    def mask(self) -> bool:
        """A bool tensor, made from numbers or from other ones."""
        t, u = self.tensor(), self.tensor()
        return self.define(self.random.choice([
            f"{t} > {self.random.randint(-2, 2)}",
            f"{t} == {self.number(t)}",
            f"{t} <= {u}",
            f"torch.logical_and({t}, {u})",
            f"torch.logical_not({t})",
            f"torch.logical_xor({t}, {u})",
            f"~{t}",
            f"{t}.any({self.dim(t)})",
            f"{t}.all({self.dim(t)}, keepdim=True)",
        ]))

    def select_by(self) -> bool:
        """What masks and indices read."""
        t, u = self.tensor(), self.tensor()
        if not self.env[t].dim():
            return False
        d = self.dim(t)
        return self.define(self.random.choice([
            f"torch.where({self.tensor()}, {t}, {u})",
            f"{t}.masked_fill({self.tensor()}, {self.number(t)})",
            f"{t}[{self.places(self.shape(t)[0])}]",
            f"{t}[:, {self.places(self.shape(t)[-1])}]",
            f"{t}.index_select({d}, {self.places(self.shape(t)[d])})",
            f"{t}.gather({d}, {self.places_along(t, d)})",
        ]))

    def places(self, size: int, distinct: bool = True) -> str:
        """Indices below `size` as a constant."""
        n = self.random.randint(1, min(size, 4))
        chosen = self.random.sample(range(size), n) if distinct else self.random.choices(range(size), k=n)
        return f"torch.tensor({chosen})"

    def places_along(self, name: str, dim: int, distinct: bool = True) -> str:
        """A constant of the same rank: in each line along `dim` indices into it. No dimension is larger than the tensor's."""
        shape = self.shape(name)
        line = shape[dim]
        lines = [self.random.randint(1, size) for size in shape]
        n = lines[dim]
        del lines[dim]
        count = torch.Size(lines).numel()
        chosen = [self.random.sample(range(line), n) if distinct else self.random.choices(range(line), k=n)
                  for _ in range(count)]
        return f"torch.tensor({torch.tensor(chosen).view(lines + [n]).movedim(-1, dim).tolist()})"

    def compute(self) -> bool:
        t, u = self.tensor(), self.tensor()
        same = [n for n in self.names if self.env[n].dtype == self.env[t].dtype and self.env[n].dim() == self.env[t].dim()]
        pair = f"[{t}, {self.random.choice(same)}]"
        return self.define(self.random.choice([
            f"{t} + {u}",
            f"{t} - {u}",
            f"{t} * 0.5",
            f"torch.relu({t})",
            f"-{t}",
            f"{t}.abs()",
            f"{t}.sum({self.dim(t)})",
            f"{t}.sum({self.dim(t)}, keepdim=True)",
            f"torch.cat({pair}, {self.dim(t)})",
            f"torch.stack({pair}, {self.dim(t)})",
            f"torch.clamp({t}, -3, 3)",
            f"torch.minimum({t}, {u})",
        ]))

    # Writes.

    def writable(self) -> str | None:
        t = self.tensor()
        return t if is_writable(self.env[t]) else None

    def source(self, target: str) -> str:
        """A tensor to write into `target`, copied first where they share memory."""
        u = self.tensor()
        return f"{u}.clone()" if shares_storage(self.env[u], self.env[target]) and u != target else u

    def write(self) -> bool:
        t = self.writable()
        if t is None:
            return False
        u, at, k = self.source(t), f"{t}[{self.index(t)}]", self.number(t)
        return self.add(self.random.choice([
            f"{t}.add_({k})",
            f"{t}.mul_({k})",
            f"{t}.sub_({u})",
            f"{t}.add_({u}, alpha=2)",
            f"{t}.neg_()",
            f"{t}.relu_()",
            f"{t}.clamp_(-4, 4)",
            f"{t}.fill_({k})",
            f"{t}.zero_()",
            f"{t}.copy_({u})",
            f"{t}.copy_({u}[0])",
            f"{at} = {k}",
            f"{at} = {u}",
            f"{at} = {u}",
            f"{at} += {k}",
            f"{at} *= {k}",
            f"{at} -= {u}",
            f"{at} /= 2",
            self.write_bits(t, u),
            f"{at}.add_({k})",
            f"{at}.copy_({u})",
        ]))

    def write_bits(self, t: str, u: str) -> str:
        """Bits of 64 are what TFLite has no operators for."""
        if torch.int64 in (self.env[t].dtype, eval(u, self.env).dtype):
            return f"{t}.abs_()"
        return self.random.choice([f"{t}.__ior__({self.number(t)})", f"{t}.bitwise_xor_({u})", f"{t}.bitwise_and_({u})"])

    def write_some(self) -> bool:
        """Writes to the elements that a mask or indices name; where two writes meet, they add up."""
        t = self.writable()
        if t is None or not self.env[t].dim():
            return False
        u, k, d = self.source(t), self.number(t), self.dim(t)
        mask, size = self.source(t), self.shape(t)[d]
        along, first = self.places_along(t, d), self.places(self.shape(t)[0])
        return self.add(self.random.choice([
            f"{t}.masked_fill_({mask}, {k})",
            f"{t}[{mask}] = {k}",
            f"{t}[{t} > 0] = {k}",
            f"{t}[{first}] = {k}",
            f"{t}[{first}] += {k}",
            f"{t}[:, {self.places(self.shape(t)[-1])}] = {k}",
            f"{t}.index_put_(({first},), {u})",
            f"{t}.index_put_(({self.places(self.shape(t)[0], False)},), {u}, accumulate=True)",
            f"{t}.index_fill_({d}, {self.places(size)}, {k})",
            f"{t}.index_copy_({d}, torch.tensor([{self.random.randrange(size)}]), {u})",
            f"{t}.index_add_({d}, torch.tensor([{self.random.randrange(size)}]), {u})",
            f"{t}.scatter_({d}, {along}, {u})",
            f"{t}.scatter_({d}, {along}, {k})",
            f"{t}.scatter_add_({d}, {self.places_along(t, d, False)}, {u})",
        ]))

    def write_overlapping(self) -> bool:
        """Writes by turns through two views that share a part."""
        t = self.writable()
        if t is None or not self.env[t].dim() or self.shape(t)[d := self.dim(t)] < 2:
            return False
        size, a, b = self.shape(t)[d], self.fresh(), self.fresh()
        cut = self.random.randrange(1, size)
        text = (f"{a} = {t}.narrow({d}, 0, {cut + 1 if cut + 1 < size else cut})\n"
                f"{b} = {t}.narrow({d}, {cut - 1}, {size - cut + 1})\n"
                f"{a}.add_({self.number(t)})\n{b}.mul_({self.number(t)})\n{a}.sub_({self.number(t)})")
        return self.add(text, a) and self.add(f"{b}.neg_()")

    def write_out(self) -> bool:
        """Of the shape that it must have, else PyTorch makes the tensor larger and warns that it will no longer do so; and of
        its dtype, which torch.jit.script asks for."""
        t = self.writable()
        if t is None:
            return False
        u, v = self.source(t), self.source(t)
        out = self.random.choice([t, t, f"{t}[{self.index(t)}]"])
        call = self.random.choice([
            f"torch.add({u}, {self.number(t)}",
            f"torch.mul({u}, {v}",
            f"torch.maximum({u}, {v}",
            f"torch.clamp({u}, -2, 2",
            f"torch.neg({u}",
        ])
        try:
            result, place = (eval(text, self.env) for text in (f"{call})", out))
        except (IndexError, RuntimeError, SyntaxError, TypeError):
            return False
        same = (result.shape, result.dtype) == (place.shape, place.dtype)
        return same and self.add(f"{call}, out={out})")

    def reshape_in_place(self) -> bool:
        t = self.tensor()
        if any(self.env[t] is self.env[name] for name in self.names if name.startswith("x")):
            return False  # a model cannot change the shape of its input
        return self.add(self.random.choice([
            f"{t}.unsqueeze_({self.dim(t)})",
            f"{t}.squeeze_()",
            f"{t}.transpose_({self.dim(t)}, {self.dim(t)})",
            f"{t}.t_()",
        ]))

    # Statements that hold others.

    def branch(self) -> bool:
        t, u = self.tensor(), self.writable()
        if u is None or not self.env[t].dim():
            return False
        size = self.shape(t)[0]
        limit = self.random.choice([size - 1, size, size + 1])
        condition = self.random.choice([f"{t}.size(0) > {limit}", f"{t}.dim() == {self.env[t].dim()}",
                                        f"{t}.shape[0] % 2 == 0", f"{t}.numel() < {limit}"])
        then = f"{u}.add_({self.number(u)})"
        other = self.random.choice([f"{u}.mul_({self.number(u)})", f"{u}[0] = {self.number(u)}"])
        return self.add(f"if {condition}:\n    {then}\nelse:\n    {other}")

    def loop(self) -> bool:
        t = self.writable()
        if t is None or not self.env[t].dim():
            return False
        u = self.source(t)
        body = self.random.choice([
            f"{t}[i] += i",
            f"{t}[i] = {t}[i - 1] * 2" if self.shape(t)[0] > 1 else f"{t}[i] *= 2",
            f"{t}[i].copy_({u}[i])",
            f"{t}.select(0, i).mul_(2)",
            f"if i % 2 == 0:\n        {t}[i].neg_()",
            f"{t}[i:].add_(1)",
        ])
        return self.add(f"for i in range({t}.size(0)):\n    {body}")

    def while_loop(self) -> bool:
        t = self.writable()
        if t is None or not self.env[t].dim():
            return False
        k = self.fresh()
        return self.add(f"{k} = {t}.size(0)\nwhile {k} > 1:\n    {k} = {k} // 2\n    {t}[:{k}] += {k}")

    def list_loop(self) -> bool:
        t, parts, new = self.tensor(), self.fresh(), self.fresh()
        if not self.env[t].dim():
            return False
        item = self.random.choice([f"{t}[i]", f"{t}[i] * i", f"{t}[i].clone()"])
        make = self.random.choice(["torch.stack({})", "torch.cat([p.reshape(-1) for p in {}])", "{}[-1]"])
        text = (f"{parts}: List[torch.Tensor] = []\nfor i in range({t}.size(0)):\n    {parts}.append({item})\n"
                f"{parts}[0].add_(1)\n{new} = {make.format(parts)}")
        return is_writable(self.env[t]) and self.add(text, new)

    def step(self) -> bool:
        kinds = [(self.view, 10), (self.copy, 3), (self.compute, 3), (self.mask, 1.5), (self.select_by, 2),
                 (self.write, 8), (self.write_some, 4), (self.write_overlapping, 1), (self.write_out, 1.5),
                 (self.reshape_in_place, 0.5), (self.branch, 1), (self.loop, 1), (self.while_loop, 0.5), (self.list_loop, 1)]
        chosen = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        return chosen()


def generate(seed: int) -> Program:
    """The program of this seed. Most copy their inputs first; others write to them."""
    writer = Writer(seed)
    choose = writer.random
    n = choose.randint(1, 3)
    shapes = tuple(tuple(choose.randint(1, 5) for _ in range(choose.randint(1, 4))) for _ in range(n))
    dtypes = tuple(choose.choice(["float32", "float32", "float32", "int32", "int64", "bool"]) for _ in range(n))
    writes_inputs = choose.random() < 0.2
    arguments = [f"x{k}" for k in range(n)]
    start = Program("", shapes, dtypes, writes_inputs)
    for argument, tensor in zip(arguments, start.inputs()):
        writer.env[argument] = tensor
        if writes_inputs:
            writer.names.append(argument)
        else:
            writer.define(choose.choice([f"{argument}.clone()", f"{argument} + 1", f"{argument} * 2"]))
    wanted, tries = choose.randint(4, 18), 0
    while len(writer.lines) < wanted and tries < 200:
        writer.step()
        tries += 1
    outputs = sorted(set(writer.names[-3:] + [writer.names[0]]))
    body = writer.lines + [f"return {', '.join(outputs)}" + ("," if len(outputs) == 1 else "")]
    source = HEAD.format(arguments=", ".join(arguments)) + "".join(f"        {line}\n" for line in body)
    return Program(source, shapes, dtypes, writes_inputs)
