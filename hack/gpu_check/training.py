"""The program that trains in a share: batches grow until PyTorch is out of memory, which it survives by half of them.

Prints one line of JSON; ends with 77 where PyTorch or its CUDA is not there. It is run by its path and imports nothing of ours.
"""

import importlib
import json
import math
import sys
from typing import Any

STEPS = 20
WIDTH = 2048
FIRST_BATCH = 1024


def main() -> int:
    """Train; return the exit code."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return 77
    if not torch.cuda.is_available():
        return 77
    print(json.dumps(train(torch)))
    return 0


def train(torch: Any) -> dict[str, object]:  # noqa: ANN401  the module, which may not be there
    """Return how it went."""
    layers = [layer for _ in range(8) for layer in (torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU())]
    model = torch.nn.Sequential(*layers).cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    batch, steps, retries, loss = FIRST_BATCH, 0, 0, math.nan
    while steps < STEPS:
        try:
            loss = step(torch, model, optimizer, batch)
        except torch.cuda.OutOfMemoryError:
            if batch == 1:
                raise
            retries, batch = retries + 1, batch // 2
            optimizer.zero_grad(set_to_none=True)
            torch.cuda.empty_cache()
            continue
        steps += 1
        batch = batch if retries else batch * 2
    return {
        "steps": steps,
        "retries": retries,
        "reserved_bytes": torch.cuda.max_memory_reserved(),
        "is_finite": math.isfinite(loss),
    }


def step(torch: Any, model: Any, optimizer: Any, batch: int) -> float:  # noqa: ANN401  PyTorch's
    """Train on one batch; return the loss."""
    data = torch.randn(batch, WIDTH, device="cuda")
    loss = (model(data) - data).square().mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss)


if __name__ == "__main__":
    sys.exit(main())
