"""Forecasts of monthly series by statsforecast, in the same protocol and the same lines as `cargo run -p grip-series
--example series_bench`.

    python series_statsforecast.py FILE [SERIES_PER_SOURCE]

FILE is CSV, plain or gzipped, with the columns source, unique_id, ds, y: months in order. Twelve months ahead from three
origins six months apart, refitted at each. Series of fewer than 60 months, or with at most five different values before the
first origin, are left out. SERIES_PER_SOURCE takes that many of every source, evenly over the sorted identifiers; 0 takes all.

One line of JSON for every source and model. `sum12` is judged on added monthly bounds, since statsforecast gives no bounds
for sums. `seconds_per_fit` is processor time after a warm-up, with forecast and intervals.
"""
import json
import os
import sys
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
warnings.filterwarnings("ignore")

import numpy as np
import pandas as pd
from statsforecast.models import AutoETS, AutoTheta, SeasonalNaive

SEASON = 12
HORIZON = 12
LEFT = (24, 18, 12)
LEVELS = (50, 80, 95)


def read(path, per_source):
    frame = pd.read_csv(path, usecols=["source", "unique_id", "y"])
    sources = {}
    for (source, name), group in frame.groupby(["source", "unique_id"], sort=True):
        values = group.y.to_numpy(dtype=float)
        if len(values) >= 60 and len(set(values[:-24])) > 5:
            sources.setdefault(source, []).append(values)
    if per_source:
        for source, series in sources.items():
            take = min(per_source, len(series))
            sources[source] = [series[i * len(series) // take] for i in range(take)]
    return sources


def predict(model, values):
    """Mean and bounds as rows of one array; seconds of processor time."""
    started = time.process_time()
    answer = model.forecast(y=values, h=HORIZON, level=list(LEVELS))
    seconds = time.process_time() - started
    rows = [answer["mean"]]
    for level in LEVELS:
        rows += [answer[f"lo-{level}"], answer[f"hi-{level}"]]
    return np.array([np.asarray(row, dtype=float) for row in rows]), seconds


def judge(cases):
    """The figures of one source and model; a case is what was predicted, what came, and the scale."""
    predicted = np.array([case[0] for case in cases])
    came = np.array([case[1] for case in cases])
    scale = np.array([case[2] for case in cases])
    mean = predicted[:, 0]
    known = scale > 0
    error = np.abs(mean - came)
    figures = {"mase": float((error[known].mean(axis=1) / scale[known]).mean())}
    for index, level in enumerate(LEVELS):
        low, high = predicted[:, 1 + 2 * index], predicted[:, 2 + 2 * index]
        figures[f"cov{level}"] = float(((came >= low) & (came <= high)).mean())
    low, high, total = predicted[:, 3].sum(axis=1), predicted[:, 4].sum(axis=1), came.sum(axis=1)
    figures["cov80_sum12"] = float(((total >= low) & (total <= high)).mean())
    low, high = predicted[:, 3], predicted[:, 4]
    score = high - low + 10 * np.clip(low - came, 0, None) + 10 * np.clip(came - high, 0, None)
    figures["msis80"] = float((score[known] / scale[known, None]).mean())
    figures["below_zero"] = float((mean < 0).mean())
    figures["seconds_per_fit"] = float(np.mean([case[3] for case in cases]))
    return figures


def main():
    path = sys.argv[1]
    sources = read(path, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    models = {
        "seasonal_naive": SeasonalNaive(season_length=SEASON),
        "ets": AutoETS(season_length=SEASON),
        "theta": AutoTheta(season_length=SEASON),
    }
    warm = np.arange(1.0, 61.0) + np.tile(np.arange(12.0), 5)
    for model in models.values():
        predict(model, warm)
        predict(model, np.round(warm % 17))
    for source, series in sources.items():
        cases = {name: [] for name in [*models, "mean"]}
        for values in series:
            for left in LEFT:
                train = values[:-left]
                came = values[len(values) - left : len(values) - left + HORIZON]
                scale = np.abs(train[SEASON:] - train[:-SEASON]).mean()
                answers = {name: predict(model, train) for name, model in models.items()}
                for name, (predicted, seconds) in answers.items():
                    cases[name].append((predicted, came, scale, seconds))
                mean = np.mean([predicted for predicted, _ in answers.values()], axis=0)
                cases["mean"].append((mean, came, scale, sum(seconds for _, seconds in answers.values())))
        for name, list_ in cases.items():
            line = {"tool": "statsforecast", "source": source, "model": name, "series": len(series), **judge(list_)}
            print(json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in line.items()}), flush=True)


if __name__ == "__main__":
    main()
