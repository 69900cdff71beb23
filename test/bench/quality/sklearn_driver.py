"""Cross-validated trainings of scikit-learn: one request a line of JSON on standard input, one answer a line on standard output.

{"model", "data", "params"} -> {"loss"}: mean log loss of three folds, or root of the mean squared error over the deviation of the
targets. The same parameters give the same loss. A training that fails answers {"loss": null}.
"""

import json
import math
import sys
import warnings

from sklearn import datasets
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

warnings.filterwarnings("ignore")

LOADERS = {
    "wine": datasets.load_wine,
    "breast-cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}


def model_of(kind, params):
    if kind == "svc":
        return make_pipeline(StandardScaler(), SVC(probability=True, random_state=0, **params))
    if kind == "mlp":
        width = params.pop("width")
        depth = params.pop("depth")
        layers = (width,) * depth
        return make_pipeline(
            StandardScaler(), MLPClassifier(hidden_layer_sizes=layers, max_iter=30, random_state=0, **params)
        )
    if kind == "forest":
        return RandomForestClassifier(n_estimators=40, random_state=0, **params)
    if kind == "boosting":
        return GradientBoostingRegressor(random_state=0, **params)
    raise ValueError(f"no model {kind}")


def loss_of(kind, data, params):
    x, y = LOADERS[data](return_X_y=True)
    if data == "diabetes":
        folds, scoring = KFold(3, shuffle=True, random_state=0), "neg_root_mean_squared_error"
        y = (y - y.mean()) / y.std()
    else:
        folds, scoring = StratifiedKFold(3, shuffle=True, random_state=0), "neg_log_loss"
    return -cross_val_score(model_of(kind, dict(params)), x, y, cv=folds, scoring=scoring).mean()


for line in sys.stdin:
    request = json.loads(line)
    try:
        loss = float(loss_of(request["model"], request["data"], request["params"]))
    except ValueError:
        loss = math.nan
    print(json.dumps({"loss": loss if math.isfinite(loss) else None}), flush=True)
