class M(Module):
  __parameters__ = ["w", ]
  w : Tensor
  child : __torch__.N
  def forward(self: __torch__.M, x: Tensor, n: int=2) -> Tensor:
    w = self.w
    child = self.child
    y = (child).forward(torch.linear(x, w), )
    if torch.gt(torch.len(torch.size(y)), 1):
      z = torch.relu_(torch.view(y, [-1]))
    else:
      ops.prim.RaiseException(torch.format("rank {}", torch.dim(y)), "builtins.ValueError")
      z = uninitialized(Tensor)
    return z
class N(Module):
  n : int
  def forward(self: __torch__.N, x: Tensor) -> Tensor:
    n = self.n
    return torch.add(x, n)
