"""A training job that speaks Hopaas: sends what the public client sends, in the same order, on a connection a request.

Usage: hopaas_worker.py HOST:PORT TOKEN NAME TRIALS. Prints one JSON object: the study's id, the trials, the best one.
"""

import http.client
import json
import math
import sys

address, token, name, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

# As the `requests` library sends them. There is no Content-Type: the body is a text.
HEADERS = {
    "User-Agent": "python-requests/2.32.3",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Connection": "keep-alive",
}


def call(method, path, body=None):
    connection = http.client.HTTPConnection(address)
    connection.request(method, path, None if body is None else json.dumps(body), HEADERS)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path.split('/')[2]}: {answer.status} {text}")
    return text


def post(what, **body):
    return call("POST", f"/api/{what}/{token}", body)


PROPERTIES = {
    "lr": "optuna#loguniform(1e-06,0.1)",
    "width": "optuna#int(8,64,8,false)",
    "act": "optuna#categorical(relu,tanh)",
    "epochs": 12,
    "momentum": 1.0,
    "arch": {"layers": [64, 32.0], "dropout": None},
    "hopaas_config": {
        "title": "Calo::GAN::v1",
        "direction": "minimize",
        "sampler": {
            "name": "TPESampler",
            "args": {"n_startup_trials": 8, "n_ei_candidates": 24, "consider_magic_clip": True},
        },
        "pruner": {
            "name": "MedianPruner",
            "args": {"n_startup_trials": 5, "n_warmup_steps": 2, "interval_steps": 1, "n_min_trials": 1},
        },
    },
    "_node_name": name,
    "_address": "10.0.0.7",
}


def train(trial):
    """Yields the loss of each epoch."""
    final = (math.log10(trial["lr"]) + 3) ** 2 + abs(trial["width"] - 40) / 8 + (trial["act"] == "tanh")
    for epoch in range(trial["epochs"]):
        yield final + 3 * math.exp(-epoch / 3)


trials = []
study = None
for _ in range(count):
    trial = json.loads(post("ask", **PROPERTIES))
    for key, kind in {"lr": float, "width": int, "act": str, "epochs": int, "momentum": float}.items():
        assert type(trial[key]) is kind, (key, trial[key])
    assert trial["arch"] == PROPERTIES["arch"] and trial["hopaas_config"] == PROPERTIES["hopaas_config"]
    assert trial["_node_name"] == trial["node_name"] == name
    study, number = trial["hopaas_trial"].split(":")

    def should_prune():
        answer = post("should_prune", hopaas_trial=trial["hopaas_trial"], loss=loss, step=step)
        assert answer.lower() in ("true", "false")
        return answer.lower() == "true"

    for step, loss in enumerate(train(trial)):
        if should_prune():
            break
    # Leaving the trial, the client asks once more about the same step, and tells only if it hears no.
    pruned = should_prune()
    if not pruned:
        post("tell", hopaas_trial=trial["hopaas_trial"], loss=loss)
    trials.append({"number": int(number), "loss": loss, "pruned": pruned, "steps": step + 1})

best = json.loads(call("GET", f"/api/get_best_trial/{token}?hopaas_trial={study}:0"))
best_study, best_number = best.split(":")
assert best_study == study
print(json.dumps({"study": study, "best": int(best_number), "trials": trials}))
