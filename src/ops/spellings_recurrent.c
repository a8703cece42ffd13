/* Whole recurrent networks, unrolled over their time steps, which are known when a model is read.
 *
 * The input's share of all steps' gates is one linear layer ahead of the loop. A step keeps the time dimension as one of
 * size 1, so that steps are split and joined without a reshape. Gates that take a sigmoid stand side by side and take it
 * together; the weights, being constants, are put in that order in the file. */
#include "ops/list.h"

static const char text_lstm_steps[] =
    "def steps(x, h, c, w_ih, w_hh, bias, w_hr, time, backward):\n"
    "    w_hh = torch._lstm_gates(w_hh)\n"
    "    bias = None if bias is None else torch._lstm_gates(bias)\n"
    "    parts = torch.split(torch.linear(x, torch._lstm_gates(w_ih), bias), 1, time)\n"
    "    size = c.size(-1)\n"
    "    out = []\n"
    "    for part in reversed(parts) if backward else parts:\n"
    "        gates = part + torch.linear(h, w_hh)\n"
    "        gates, new = torch.split_with_sizes(gates, [3 * size, size], -1)\n"
    "        i, f, o = torch.chunk(torch.sigmoid(gates), 3, -1)\n"
    "        c = f * c + i * torch.tanh(new)\n"
    "        h = o * torch.tanh(c)\n"
    "        h = h if w_hr is None else torch.linear(h, w_hr)\n"
    "        out.append(h)\n"
    "    return out, c\n";

static const char text_gru_steps[] =
    "def steps(x, h, w_ih, w_hh, b_ih, b_hh, time, backward):\n"
    "    size = h.size(-1)\n"
    "    gates, news = torch.split_with_sizes(torch.linear(x, w_ih, b_ih), [2 * size, size], -1)\n"
    "    gates = torch.split(gates, 1, time)\n"
    "    news = torch.split(news, 1, time)\n"
    "    out = []\n"
    "    for k in range(len(gates)):\n"
    "        t = len(gates) - 1 - k if backward else k\n"
    "        gate, new = torch.split_with_sizes(torch.linear(h, w_hh, b_hh), [2 * size, size], -1)\n"
    "        r, z = torch.chunk(torch.sigmoid(gates[t] + gate), 2, -1)\n"
    "        new = torch.tanh(news[t] + r * new)\n"
    "        h = new + z * (h - new)\n"
    "        out.append(h)\n"
    "    return out\n";

static const char text_rnn_steps[] =
    "def steps(x, h, w_ih, w_hh, bias, relu, time, backward):\n"
    "    parts = torch.split(torch.linear(x, w_ih, bias), 1, time)\n"
    "    out = []\n"
    "    for part in reversed(parts) if backward else parts:\n"
    "        h = part + torch.linear(h, w_hh)\n"
    "        h = torch.relu(h) if relu else torch.tanh(h)\n"
    "        out.append(h)\n"
    "    return out\n";

/* Layers, each in one or two directions. `params` are those of one after another: w_ih, w_hh, then b_ih, b_hh if there
 * are biases, then w_hr if the state is projected. hx is h, or h and c, [layers * directions, N, H]. */
static const char text_recurrent[] =
    "def recurrent(kind, input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first):\n"
    "    time = 1 if batch_first else 0\n"
    "    directions = 2 if bidirectional else 1\n"
    "    each = len(params) // (num_layers * directions)\n"
    "    states = [[torch.transpose(part, 0, time) for part in torch.split(state, 1, 0)] for state in hx]\n"
    "    last_h = []\n"
    "    last_c = []\n"
    "    x = input\n"
    "    for layer in range(num_layers):\n"
    "        sides = []\n"
    "        for backward in [False, True][:directions]:\n"
    "            at = len(last_h)\n"
    "            own = params[at * each:(at + 1) * each]\n"
    "            b_ih, b_hh = (own[2], own[3]) if has_biases else (None, None)\n"
    "            bias = b_ih if b_ih is None or kind == \"gru\" else b_ih + b_hh\n"
    "            w_hr = own[each - 1] if each % 2 == 1 else None\n"
    "            h = states[0][at]\n"
    "            if kind == \"lstm\":\n"
    "                out, c = torch._lstm_steps(x, h, states[1][at], own[0], own[1], bias, w_hr, time, backward)\n"
    "                last_c.append(torch.transpose(c, 0, time))\n"
    "            elif kind == \"gru\":\n"
    "                out = torch._gru_steps(x, h, own[0], own[1], b_ih, b_hh, time, backward)\n"
    "            else:\n"
    "                out = torch._rnn_steps(x, h, own[0], own[1], bias, kind == \"rnn_relu\", time, backward)\n"
    "            last_h.append(torch.transpose(out[-1], 0, time))\n"
    "            sides.append(torch.cat(list(reversed(out)) if backward else out, time))\n"
    "        x = sides[0] if directions == 1 else torch.cat(sides, -1)\n"
    "        x = x if layer == num_layers - 1 else torch.dropout(x, dropout, train)\n"
    "    return [x] + [torch.cat(states, 0) for states in [last_h, last_c] if states]\n";


/* A packed sequence has as many rows a step as the lengths say, which are data. */
static const char text_packed[] =
    "def packed(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional):\n"
    "    raise NotImplementedError(\"a packed sequence has as many rows a step as the data say; give the layer padded \"\n"
    "                              \"sequences and mask its result\")\n";

#define LAYERS ", bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first)"
#define PACKED_LAYERS ", bool has_biases, int num_layers, float dropout, bool train, bool bidirectional)"

static const tnn_spelling_row rows[] = {
    /* [4 * H, ...] from PyTorch's order i, f, g, o to i, f, o, g. */
    {"_lstm_gates", "_lstm_gates(Tensor weight) -> Tensor",
     "def gates(weight):\n"
     "    i, f, g, o = torch.chunk(weight, 4, 0)\n"
     "    return torch.cat([i, f, o, g], 0)\n"},
    {"_lstm_steps",
     "_lstm_steps(Tensor x, Tensor h, Tensor c, Tensor w_ih, Tensor w_hh, Tensor? bias, Tensor? w_hr, int time, bool "
     "backward) -> (Tensor[], Tensor)",
     text_lstm_steps},
    {"_gru_steps",
     "_gru_steps(Tensor x, Tensor h, Tensor w_ih, Tensor w_hh, Tensor? b_ih, Tensor? b_hh, int time, bool backward) "
     "-> Tensor[]",
     text_gru_steps},
    {"_rnn_steps",
     "_rnn_steps(Tensor x, Tensor h, Tensor w_ih, Tensor w_hh, Tensor? bias, bool relu, int time, bool backward) -> "
     "Tensor[]",
     text_rnn_steps},
    {"_recurrent", "_recurrent(str kind, Tensor input, Tensor[] hx, Tensor[] params" LAYERS " -> Tensor[]",
     text_recurrent},
    {"lstm.input", "lstm(Tensor input, Tensor[] hx, Tensor[] params" LAYERS " -> (Tensor, Tensor, Tensor)",
     "def lstm(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first):\n"
     "    y, h, c = torch._recurrent(\"lstm\", input, hx, params, has_biases, num_layers, dropout, train,\n"
     "                               bidirectional, batch_first)\n"
     "    return y, h, c\n"},
    {"gru.input", "gru(Tensor input, Tensor hx, Tensor[] params" LAYERS " -> (Tensor, Tensor)",
     "def gru(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first):\n"
     "    y, h = torch._recurrent(\"gru\", input, [hx], params, has_biases, num_layers, dropout, train, bidirectional,\n"
     "                            batch_first)\n"
     "    return y, h\n"},
    {"rnn_tanh.input", "rnn_tanh(Tensor input, Tensor hx, Tensor[] params" LAYERS " -> (Tensor, Tensor)",
     "def rnn(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first):\n"
     "    y, h = torch._recurrent(\"rnn_tanh\", input, [hx], params, has_biases, num_layers, dropout, train,\n"
     "                            bidirectional, batch_first)\n"
     "    return y, h\n"},
    {"rnn_relu.input", "rnn_relu(Tensor input, Tensor hx, Tensor[] params" LAYERS " -> (Tensor, Tensor)",
     "def rnn(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first):\n"
     "    y, h = torch._recurrent(\"rnn_relu\", input, [hx], params, has_biases, num_layers, dropout, train,\n"
     "                            bidirectional, batch_first)\n"
     "    return y, h\n"},
    {"lstm.data",
     "lstm(Tensor data, Tensor batch_sizes, Tensor[] hx, Tensor[] params" PACKED_LAYERS " -> (Tensor, Tensor, Tensor)",
     text_packed},
    {"gru.data",
     "gru(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params" PACKED_LAYERS " -> (Tensor, Tensor)",
     text_packed},
    {"rnn_tanh.data",
     "rnn_tanh(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params" PACKED_LAYERS " -> (Tensor, Tensor)",
     text_packed},
    {"rnn_relu.data",
     "rnn_relu(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params" PACKED_LAYERS " -> (Tensor, Tensor)",
     text_packed},
};

const tnn_spelling_table tnn_spellings_recurrent = {rows, sizeof rows / sizeof *rows};
