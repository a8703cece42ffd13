def part(a, b: int=2, *, c=1.5e-3) -> float:
    if a > b or not c: return a ** -b
    elif a in [1, (2, 3)]: pass
    else:
        while True:
            a += 1; b //= 2
            if a % 3 == 0: break
            continue
    assert a is not None, 'x' "\x41\u00e9"
    return a if b < c <= 3 else -b

def main(x):
    total: int = 0
    for i, (j, k) in enumerate([(1, 2), (0x10, 4)]):
        total += i * j + k << 1
    y = [part(q, c=2) for q in range(5) if q & 1]
    y.append(3); y.insert(0, 9); y.reverse()
    del y[0]
    y[0] = 7
    return y[1:], y[::-1], len(y), total, math.sqrt(2), max(y), sum([1, 2])
