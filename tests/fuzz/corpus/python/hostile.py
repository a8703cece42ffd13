import torch
def f(n=lambda: 1): return getattr(f, "__globals__")
class A(torch.nn.Module):
    def __init__(self):
        self.me = self
        self.xs = [self]
        self.xs.append(self.xs)
    def __iter__(self): return self
    def forward(self, x):
        while True: x = [*self, f(**{"n": x})]
        return super().forward(x)
