class M(Module):
  __parameters__ = ["w", ]
  training : bool
  def forward(self: M, x: Tensor) -> Tensor:
    d = {"a": [1], 'b': {}}
    raise NotImplementedError("no")
