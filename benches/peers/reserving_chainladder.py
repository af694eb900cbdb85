"""What chainladder-python does with the same triangles as crates/grip-reserving/examples/reserving_bench.rs: one line of JSON per task.

Usage: reserving_chainladder.py [TASK ...], all tasks without one. Memory is the peak of the process, so run one task per
process to compare it. Time is that of the estimate only; building the triangle from a table is in `build_seconds`, and
importing in neither.
"""

import json
import math
import resource
import sys
import time
import warnings

try:
    import chainladder as cl
    import numpy as np
    import pandas as pd
except ImportError:
    sys.exit("the peer of grip-reserving is missing: python3 -m pip install chainladder==0.10.1")

warnings.filterwarnings("ignore")


def made_up(count, size):
    """The triangles of `made_up` in reserving_bench.rs, as a table of known cumulative amounts."""
    number, origin, age = (axis.ravel() for axis in np.meshgrid(
        np.arange(count), np.arange(size), np.arange(size), indexing="ij"))
    level = (1000 + (37 * number) % 991) * (1 + 0.03 * origin)
    noise = (31 * number + 17 * origin + 13 * age) % 101 / 50.0 - 1.0
    step = level * 0.7 ** (age * 10.0 / size) * (1 + 0.3 * noise)
    known = step.reshape(count, size, size).cumsum(axis=2).ravel()
    seen = age < size - origin
    return number[seen], origin[seen], age[seen], known[seen]


def triangles(count, size, months):
    number, origin, age, known = made_up(count, size)
    began = pd.Timestamp("2000-01-01") if months == 12 else pd.Timestamp("2015-01-01")
    first = began.to_period("M")
    starts = [(first + int(i) * months).to_timestamp() for i in range(size)]
    ends = [(first + int(i) * months + months - 1).to_timestamp(how="end") for i in range(2 * size)]
    table = pd.DataFrame({
        "number": number,
        "origin": np.array(starts)[origin],
        "valuation": np.array(ends)[origin + age],
        "value": known,
    })
    return cl.Triangle(
        table, origin="origin", development="valuation", columns="value", index="number", cumulative=True)


def mack(triangle):
    developed = cl.Development(sigma_interpolation="mack").fit_transform(triangle)
    model = cl.MackChainladder().fit(developed)
    # What total_mack_std_err_ is the root of; asked for itself it fails on more than one triangle with this pandas.
    process = model.total_process_risk_.set_backend("numpy").values[..., -1]
    parameter = model.total_parameter_risk_.set_backend("numpy").values[..., -1]
    ibnr = float(np.nansum(model.ibnr_.set_backend("numpy").values))
    return ibnr, float(np.nansum(np.sqrt(process**2 + parameter**2)))


def timed(function, rounds=1):
    best = math.inf
    for _ in range(rounds):
        started = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - started)
    return best, result


def one_mack():
    build, triangle = timed(lambda: cl.load_sample("genins"))
    seconds, (_, error) = timed(lambda: mack(triangle), rounds=5)
    return build, seconds, error


def simulations():
    build, triangle = timed(lambda: cl.load_sample("genins"))

    def run():
        sampled = cl.BootstrapODPSample(n_sims=10_000, hat_adj=True, random_state=1).fit_transform(triangle)
        ibnr = cl.Chainladder().fit(sampled).ibnr_
        return float(np.nansum(ibnr.set_backend("numpy").values) / 10_000)

    seconds, mean = timed(run)
    return build, seconds, mean


def many(count, size, months):
    build, triangle = timed(lambda: triangles(count, size, months))
    seconds, (ibnr, _) = timed(lambda: mack(triangle), rounds=5 if count < 1_000 else 1)
    return build, seconds, ibnr


TASKS = {
    "mack_10x10": one_mack,
    "odp_10000": simulations,
    "mack_775": lambda: many(775, 10, 12),
    "mack_48x48_1000": lambda: many(1_000, 48, 1),
    "mack_48x48_4000": lambda: many(4_000, 48, 1),
}

for task in sys.argv[1:] or TASKS:
    if task not in TASKS:
        continue
    build_seconds, seconds, checksum = TASKS[task]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"task": task, "seconds": seconds, "build_seconds": build_seconds, "peak_rss_kb": peak,
                      "checksum": checksum}), flush=True)
