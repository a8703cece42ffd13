/* Cells of recurrent networks: one step, as two linear layers and gates. hx is [N, H], weights are [gates * H, …]. */
#include "ops/list.h"

static const char text_lstm_cell[] =
    "def lstm_cell(input, hx, w_ih, w_hh, b_ih, b_hh):\n"
    "    gates = torch.linear(input, w_ih, b_ih) + torch.linear(hx[0], w_hh, b_hh)\n"
    "    i, f, g, o = torch.chunk(gates, 4, -1)\n"
    "    c = torch.sigmoid(f) * hx[1] + torch.sigmoid(i) * torch.tanh(g)\n"
    "    return torch.sigmoid(o) * torch.tanh(c), c\n";

static const char text_gru_cell[] =
    "def gru_cell(input, hx, w_ih, w_hh, b_ih, b_hh):\n"
    "    ir, iz, inew = torch.chunk(torch.linear(input, w_ih, b_ih), 3, -1)\n"
    "    hr, hz, hnew = torch.chunk(torch.linear(hx, w_hh, b_hh), 3, -1)\n"
    "    z = torch.sigmoid(iz + hz)\n"
    "    new = torch.tanh(inew + torch.sigmoid(ir + hr) * hnew)\n"
    "    return new + z * (hx - new)\n";

static const tnn_spelling_row rows[] = {
    {"lstm_cell",
     "lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> "
     "(Tensor, Tensor)",
     text_lstm_cell},
    {"gru_cell",
     "gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor",
     text_gru_cell},
    {"rnn_tanh_cell",
     "rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> "
     "Tensor",
     "def rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih, b_hh):\n"
     "    return torch.tanh(torch.linear(input, w_ih, b_ih) + torch.linear(hx, w_hh, b_hh))\n"},
    {"rnn_relu_cell",
     "rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> "
     "Tensor",
     "def rnn_relu_cell(input, hx, w_ih, w_hh, b_ih, b_hh):\n"
     "    return torch.relu(torch.linear(input, w_ih, b_ih) + torch.linear(hx, w_hh, b_hh))\n"},
};

const tnn_spelling_table tnn_spellings_cell = {rows, sizeof rows / sizeof *rows};
