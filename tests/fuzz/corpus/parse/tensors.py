def main(x):
    y = torch.relu_(x.permute(0, 2, 1))
    z = y.reshape(x.shape[0], -1)
    y[:, 1:3, 0] += 2
    y[0].fill_(1.0)
    a, b = torch.split(y, 2, 1)
    c = torch.cat([a, b.clone()], -1).unsqueeze(1).expand(-1, 2, -1, -1)
    w = torch.conv1d(x, torch.ones([5, 3, 2]), None, 1, "same")
    v = torch.flatten(w, 1).view(2, 5, 4).transpose(1, 2).contiguous()
    torch.narrow(v, 0, 0, 1).copy_(v.select(0, -1).to(torch.int64))
    return z, c.mean([1, 2], True), torch.softplus(w, 2, 5), v @ w, x.unbind(1)[0].sigmoid_(), torch.stack([a, b])
