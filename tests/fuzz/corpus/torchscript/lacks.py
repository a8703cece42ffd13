class N(Module):
  pass
class M(Module):
  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    y = torch.no_such_operator(x)
    if bool(torch.gt(torch.sum(y), 0)):
      z = torch.other(x, [y])
    else:
      z = ops.quantized.linear(x)
    while torch.lt(torch.dim(z), 3):
      z = torch.unsqueeze(z, 0)
    a, b, = z
    return torch.cat([a, b], 0)
