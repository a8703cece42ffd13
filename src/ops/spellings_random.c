/* Random numbers: nothing may use them, as a file gives the same result each time. Those of a dropout that was saved in
 * training mode, drawn with one probability for all, have an expected value that can stand for them. */
#include "ops/list.h"

static const tnn_spelling_row rows[] = {
    {"rand",
     "rand(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def rand(size, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (rand)\")\n"},
    {"randn",
     "randn(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def randn(size, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (randn)\")\n"},
    {"rand_like",
     "rand_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def rand_like(self, dtype, layout, device, pin_memory, memory_format):\n"
     "    return absent(\"random numbers (rand_like)\")\n"},
    {"randn_like",
     "randn_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def randn_like(self, dtype, layout, device, pin_memory, memory_format):\n"
     "    return absent(\"random numbers (randn_like)\")\n"},
    {"randint",
     "randint(SymInt high, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def randint(high, size, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (randint)\")\n"},
    {"randint.low",
     "randint(SymInt low, SymInt high, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None) -> Tensor",
     "def randint(low, high, size, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (randint)\")\n"},
    {"randint_like",
     "randint_like(Tensor self, SymInt high, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def randint_like(self, high, dtype, layout, device, pin_memory, memory_format):\n"
     "    return absent(\"random numbers (randint_like)\")\n"},
    {"randint_like.low_dtype",
     "randint_like(Tensor self, SymInt low, SymInt high, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def randint_like(self, low, high, dtype, layout, device, pin_memory, memory_format):\n"
     "    return absent(\"random numbers (randint_like)\")\n"},
    {"randperm",
     "randperm(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def randperm(n, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (randperm)\")\n"},
    {"normal.Tensor_float", "normal(Tensor mean, float std=1, *, Generator? generator=None) -> Tensor",
     "def normal(mean, std, generator):\n"
     "    return absent(\"random numbers (normal)\")\n"},
    {"normal.float_Tensor", "normal(float mean, Tensor std, *, Generator? generator=None) -> Tensor",
     "def normal(mean, std, generator):\n"
     "    return absent(\"random numbers (normal)\")\n"},
    {"normal.Tensor_Tensor", "normal(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor",
     "def normal(mean, std, generator):\n"
     "    return absent(\"random numbers (normal)\")\n"},
    {"normal.float_float",
     "normal(float mean, float std, SymInt[] size, *, Generator? generator=None, ScalarType? dtype=None, "
     "Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
     "def normal(mean, std, size, generator, dtype, layout, device, pin_memory):\n"
     "    return absent(\"random numbers (normal)\")\n"},
    {"normal", "normal(Tensor self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor",
     "def normal(self, mean, std, generator):\n"
     "    return absent(\"random numbers (normal)\")\n"},
    {"bernoulli", "bernoulli(Tensor self, *, Generator? generator=None) -> Tensor",
     "def bernoulli(self, generator):\n"
     "    return absent(\"random numbers (bernoulli)\")\n"},
    {"bernoulli.p", "bernoulli(Tensor self, float p, *, Generator? generator=None) -> Tensor",
     "def bernoulli(self, p, generator):\n"
     "    return torch.bernoulli.primitive(self, p)\n"},
    {"bernoulli.float", "bernoulli(Tensor self, float p=0.5, *, Generator? generator=None) -> Tensor",
     "def bernoulli(self, p, generator):\n"
     "    return torch.bernoulli.primitive(self, p)\n"},
    {"multinomial",
     "multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> "
     "Tensor",
     "def multinomial(self, num_samples, replacement, generator):\n"
     "    return absent(\"random numbers (multinomial)\")\n"},
    {"exponential", "exponential(Tensor self, float lambd=1, *, Generator? generator=None) -> Tensor",
     "def exponential(self, lambd, generator):\n"
     "    return absent(\"random numbers (exponential)\")\n"},
    {"uniform", "uniform(Tensor self, float from=0, float to=1, *, Generator? generator=None) -> Tensor",
     "def uniform(self, low, high, generator):\n"
     "    return absent(\"random numbers (uniform)\")\n"},
    {"poisson", "poisson(Tensor self, Generator? generator=None) -> Tensor",
     "def poisson(self, generator):\n"
     "    return absent(\"random numbers (poisson)\")\n"},
};

const tnn_spelling_table tnn_spellings_random = {rows, sizeof rows / sizeof *rows};
