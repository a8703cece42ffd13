class Mode(Enum):
  FAST = 1
  SLOW = "b"
class Pair(NamedTuple):
  a : Tensor
  b : Optional[int]
class Box:
  x : Tensor
  def __init__(self: __torch__.Box, x: Tensor) -> NoneType:
    self.x = x
    return None
class N(Module):
  pass
class M(Module):
  def forward(self: __torch__.M, x: Tensor) -> Dict[str, Tensor]:
    b = __torch__.Box.__new__(__torch__.Box)
    _0 = (b).__init__(x, )
    out = annotate(List[Tensor], [])
    i = 0
    _4 = torch.lt(0, torch.size(x, 0))
    while _4:
      _5 = torch.append(out, torch.select(b.x, 0, i))
      i0 = torch.add(i, 1)
      _4, i = torch.lt(i0, torch.size(x, 0)), i0
    z = torch.stack(out)
    _9 = torch.copy_(torch.select(z, 0, 0), torch.mul(torch.select(z, 0, 1), 2))
    _10 = torch.add_(torch.slice(torch.slice(z), 1, 1, 3), 1.)
    p = __torch__.Pair(z, None)
    if torch.eq(__torch__.Mode.FAST, __torch__.Mode(1)):
      y = torch.add((p)[0], int(torch.tensor([1, 2], dtype=4)[0]))
    else:
      y = z
    d = {"z": y, "x": x}
    torch._set_item(d, "w", torch.cat([y, x]))
    for _17 in range(torch.len(torch.items(d))):
      key, v, = torch.items(d)[_17]
    with b:
      s2 = torch.split("a,b", ",")
    if isinstance(v, List[int]):
      del d["z"]
    return d
