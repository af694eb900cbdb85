"""Reference run: fits and forecasts by statsforecast of one published series. Writes `statsforecast.csv` beside itself.

    python make.py

See PROVENANCE.md.
"""
import csv
import pathlib

from statsforecast.ets import ets_f, forecast_ets
from statsforecast.theta import auto_theta, forecast_theta
from statsforecast.utils import AirPassengers

FORMS = [("ANN", None), ("AAN", False), ("AAN", True), ("AAA", False), ("MAM", False), ("MAM", True), ("MNM", None)]
here = pathlib.Path(__file__).parent
with open(here / "statsforecast.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["series", "model", "log_likelihood", *[f"h{h}" for h in range(1, 25)]])
    y = AirPassengers.astype(float)
    for model, damped in FORMS:
        fit = ets_f(y, 12, model=model, damped=damped)
        name = f"ETS({model[0]},{model[1]}{'d' if damped else ''},{model[2]})"
        out.writerow(["air", name, f"{fit['loglik']:.4f}", *[f"{v:.4f}" for v in forecast_ets(fit, 24)["mean"]]])
    fit = ets_f(y, 12)
    out.writerow(["air", "AutoETS " + fit["method"], f"{fit['loglik']:.4f}", *[f"{v:.4f}" for v in forecast_ets(fit, 24)["mean"]]])
    for model in ("STM", "OTM", "DSTM", "DOTM"):
        fit = auto_theta(y, 12, model=model)
        out.writerow(["air", model, "", *[f"{v:.4f}" for v in forecast_theta(fit, 24)["mean"]]])
