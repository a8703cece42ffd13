"""A program as TinyNN's code generator writes it: a flat module with stubs, names of modules and operators, and values that
are given up after their last use."""

import torch
import torch.functional
import torch.nn
import torch.nn.functional
import torch.nn.quantized
import torch.quantization


class QNet(torch.nn.Module):
    def __init__(self):
        super().__init__()

        self.fake_quant_0 = torch.quantization.QuantStub()
        self.model_0_0 = torch.nn.Conv2d(3, 16, (3, 3), stride=(2, 2), padding=(1, 1), bias=False)
        self.model_0_1 = torch.nn.BatchNorm2d(16)
        self.module_2 = torch.nn.ReLU6(inplace=True)
        self.pool = torch.nn.AdaptiveAvgPool2d(output_size=1)
        self.fc = torch.nn.Linear(in_features=32, out_features=5, bias=True)
        self.lstm = torch.nn.LSTM(5, 4)
        self.fake_dequant_0 = torch.quantization.DeQuantStub()
        self.float_functional_simple_0 = torch.nn.quantized.FloatFunctional()
        self.float_functional_simple_1 = torch.nn.quantized.FloatFunctional()
        self.register_parameter("param_0", torch.nn.Parameter(torch.empty([1, 16, 1, 1], dtype=torch.float32)))
        self.register_buffer("tensor_0", torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]), persistent=False)

    def forward(self, input_0_f, input_1_f):
        fake_quant_0 = self.fake_quant_0(input_0_f)
        input_0_f = None
        model_0_0 = self.model_0_0(fake_quant_0)
        fake_quant_0 = None
        model_0_1 = self.model_0_1(model_0_0)
        model_0_0 = None
        module_2 = self.module_2(model_0_1)
        model_0_1 = None
        add_0_f = self.float_functional_simple_0.add(module_2, self.param_0)
        truediv_0_f = self.float_functional_simple_1.mul_scalar(add_0_f, 0.5)
        add_1_f = truediv_0_f.__add__(module_2)
        module_2 = None
        cat_0_f = torch.cat([add_0_f, add_1_f], 1)
        add_0_f = None
        pool = self.pool(cat_0_f)
        cat_0_f = None
        shape_0_f = pool.shape
        view_0_f = pool.view(shape_0_f[0], -1)
        pool = None
        fc = self.fc(view_0_f)
        view_0_f = None
        mul_0_f = fc.__rmul__(self.tensor_0)
        x = sub_0_f = mul_0_f.__sub__(1)
        fake_dequant_0 = self.fake_dequant_0(x)
        lstm = self.lstm(fake_dequant_0.unsqueeze(0), (input_1_f, input_1_f))
        return fake_dequant_0, lstm[0], lstm[1][0]


if __name__ == "__main__":
    model = QNet()
    model.load_state_dict(torch.load("out/qnet.pth"))

    model.eval()
    model.cpu()

    dummy_input_0 = torch.ones((2, 3, 16, 16), dtype=torch.float32)
    dummy_input_1 = torch.ones((1, 2, 4), dtype=torch.float32)

    output = model(dummy_input_0, dummy_input_1)
    print(output)
