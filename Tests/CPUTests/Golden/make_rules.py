"""Golden file of the optimisers' rules: rules.golden. Run in this folder: python make_rules.py, with
Tests/requirements.txt.

Made with torch 2.15.0, in double. Seven numbers, twenty steps with the gradients g_t = drawn(7, 50 + t) 10^(t % 3 - 1), as
make_operations.py draws them; the moments after the last step.
"""

import torch
from make_operations import drawn

import golden

RULES = {
    "adamw": lambda p: torch.optim.AdamW([p], lr=1e-2, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD([p], lr=1e-2, momentum=0.9, weight_decay=0.1),
    "nesterov": lambda p: torch.optim.SGD([p], lr=1e-2, momentum=0.9, weight_decay=0.1, nesterov=True),
}

out = {}
for name, rule in RULES.items():
    p = drawn((7,), 50).requires_grad_()
    optimiser = rule(p)
    for t in range(1, 21):
        p.grad = drawn((7,), 50 + t) * 10.0 ** (t % 3 - 1)
        optimiser.step()
    state = optimiser.state[p]
    out |= {name: p.detach(), name + ".first": state["momentum_buffer" if "momentum_buffer" in state else "exp_avg"]}
golden.write("rules.golden", out)
