"""Cells of recurrent networks: one step."""

from case import Case, F, mod
from torch import nn

CASES: list[Case] = [
    mod("lstm cell", lambda: nn.LSTMCell(3, 5), F(2, 3)),
    mod("lstm cell without bias", lambda: nn.LSTMCell(3, 5, bias=False), F(1, 3)),
    mod("lstm cell unbatched", lambda: nn.LSTMCell(3, 5), F(3)),
    mod("gru cell", lambda: nn.GRUCell(3, 5), F(2, 3), F(2, 5)),
    mod("gru cell without bias", lambda: nn.GRUCell(7, 1, bias=False), F(1, 7)),
    mod("rnn cell", lambda: nn.RNNCell(3, 5), F(2, 3), F(2, 5)),
    mod("rnn cell relu", lambda: nn.RNNCell(3, 5, nonlinearity="relu"), F(2, 3), F(2, 5)),
]
