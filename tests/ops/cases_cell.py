"""Recurrent networks: one step, and layers over all steps."""

import torch
from case import Case, F, mod
from torch import nn

CELLS: list[Case] = [
    mod("lstm cell", lambda: nn.LSTMCell(3, 5), F(2, 3)),
    mod("lstm cell without bias", lambda: nn.LSTMCell(3, 5, bias=False), F(1, 3)),
    mod("lstm cell unbatched", lambda: nn.LSTMCell(3, 5), F(3)),
    mod("gru cell", lambda: nn.GRUCell(3, 5), F(2, 3), F(2, 5)),
    mod("gru cell without bias", lambda: nn.GRUCell(7, 1, bias=False), F(1, 7)),
    mod("rnn cell", lambda: nn.RNNCell(3, 5), F(2, 3), F(2, 5)),
    mod("rnn cell relu", lambda: nn.RNNCell(3, 5, nonlinearity="relu"), F(2, 3), F(2, 5)),
]


class Stateful(nn.Module):
    """A layer whose first state is an input."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor, *state: torch.Tensor):
        y, last = self.layer(x, state if len(state) > 1 else state[0])
        return y, *(last if isinstance(last, tuple) else (last,))


LAYERS: list[Case] = [
    mod("lstm", lambda: nn.LSTM(3, 5), F(7, 2, 3)),
    mod("lstm one step", lambda: nn.LSTM(1, 1), F(1, 1, 1)),
    mod("lstm batch first", lambda: nn.LSTM(3, 5, batch_first=True), F(2, 7, 3)),
    mod("lstm unbatched", lambda: nn.LSTM(3, 5), F(5, 3)),
    mod("lstm layers", lambda: nn.LSTM(3, 5, 2, bias=False), F(5, 2, 3)),
    mod("lstm bidirectional", lambda: nn.LSTM(3, 5, bidirectional=True), F(5, 2, 3)),
    mod("lstm projected", lambda: nn.LSTM(3, 5, proj_size=2), F(5, 2, 3)),
    mod("lstm everything",
        lambda: nn.LSTM(3, 5, 2, bias=False, batch_first=True, bidirectional=True, proj_size=4, dropout=0.5), F(2, 4, 3)),
    mod("lstm state", lambda: Stateful(nn.LSTM(3, 5, 2, bidirectional=True, batch_first=True)), F(2, 4, 3), F(4, 2, 5),
        F(4, 2, 5)),
    mod("lstm projected state", lambda: Stateful(nn.LSTM(3, 5, proj_size=2)), F(4, 2, 3), F(1, 2, 2), F(1, 2, 5)),
    mod("gru", lambda: nn.GRU(3, 5), F(7, 2, 3)),
    mod("gru everything", lambda: nn.GRU(3, 5, 2, bias=False, batch_first=True, bidirectional=True, dropout=0.5),
        F(2, 4, 3)),
    mod("gru state", lambda: Stateful(nn.GRU(3, 5, 2, bidirectional=True)), F(4, 2, 3), F(4, 2, 5)),
    mod("rnn", lambda: nn.RNN(3, 5), F(7, 2, 3)),
    mod("rnn relu", lambda: nn.RNN(3, 5, 2, nonlinearity="relu", batch_first=True), F(2, 4, 3)),
    mod("rnn everything", lambda: nn.RNN(3, 5, 2, bias=False, bidirectional=True), F(4, 2, 3)),
    mod("rnn state", lambda: Stateful(nn.RNN(3, 5, 2, nonlinearity="relu")), F(4, 2, 3), F(2, 2, 5)),
]

CASES = CELLS + LAYERS
