"""Running a module without a trace of it afterwards."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

_REGISTRIES = ("_parameters", "_buffers", "_modules")


class _ModuleState:
    """The attributes of a module, its mode among them, and what its parameters and buffers hold."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.attributes = dict(vars(module))
        self.registries = {name: dict(self.attributes[name]) for name in _REGISTRIES if name in self.attributes}
        tensors = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
        self.tensors = [(tensor, tensor.detach().clone()) for tensor in tensors]

    def restore(self) -> None:
        attributes = vars(self.module)
        attributes.clear()
        attributes.update(self.attributes)
        for name, entries in self.registries.items():
            attributes[name].clear()
            attributes[name].update(entries)
        for tensor, content in self.tensors:
            if not torch.equal(tensor, content):
                tensor.copy_(content)


def _random_state() -> tuple[Any, ...]:
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    return torch.get_rng_state(), devices, random.getstate(), np.random.get_state()


def _set_random_state(state: tuple[Any, ...]) -> None:
    of_torch, of_devices, of_python, of_numpy = state
    torch.set_rng_state(of_torch)
    if of_devices:
        torch.cuda.set_rng_state_all(of_devices)
    random.setstate(of_python)
    np.random.set_state(of_numpy)


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Whatever the block does, afterwards the modules' modes, attributes, parameters and buffers are as before, and so
    is the state of the random generators of PyTorch, Python and NumPy. No gradients are recorded in the block."""
    states = [_ModuleState(part) for part in module.modules()]
    chance = _random_state()
    try:
        with torch.no_grad():
            yield
    finally:
        with torch.no_grad():
            for state in states:
                state.restore()
        _set_random_state(chance)
