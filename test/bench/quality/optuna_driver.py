"""Optuna behind lines of JSON: one request a line on standard input, one answer a line on standard output.

{"op": "start", "sampler", "seed", "parameters", "objectives", "constrained"} -> {"version"}
{"op": "ask"} -> {"number", "params"}
{"op": "tell", "number", "values", "constraint"} -> {}
"""

import json
import sys
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def constraints_of(trial):
    return (trial.user_attrs["constraint"],)


def make_sampler(kind, seed, constrained):
    constraints = {"constraints_func": constraints_of} if constrained else {}
    if kind == "tpe":
        return optuna.samplers.TPESampler(seed=seed, **constraints)
    if kind == "gp":
        import torch

        torch.set_num_threads(1)
        return optuna.samplers.GPSampler(seed=seed, **constraints)
    if kind == "cma-es":
        return optuna.samplers.CmaEsSampler(seed=seed)
    if kind == "nsga2":
        return optuna.samplers.NSGAIISampler(seed=seed, **constraints)
    raise ValueError(f"no sampler {kind}")


def suggest(trial, parameters):
    params = {}
    for parameter in parameters:
        condition = parameter.get("condition")
        if condition and params.get(condition["parent"]) not in condition["values"]:
            continue
        name, domain = parameter["name"], parameter["domain"]
        if domain["kind"] == "categorical":
            params[name] = trial.suggest_categorical(name, domain["choices"])
        elif domain["kind"] == "integer":
            params[name] = trial.suggest_int(name, domain["low"], domain["high"], log=domain["log"])
        else:
            params[name] = trial.suggest_float(name, domain["low"], domain["high"], log=domain["log"])
    return params


study = parameters = None
running = {}
for line in sys.stdin:
    request = json.loads(line)
    answer = {}
    if request["op"] == "start":
        sampler = make_sampler(request["sampler"], request["seed"], request["constrained"])
        study = optuna.create_study(sampler=sampler, directions=["minimize"] * request["objectives"])
        parameters = request["parameters"]
        running = {}
        answer = {"version": optuna.__version__}
    elif request["op"] == "ask":
        trial = study.ask()
        running[trial.number] = trial
        answer = {"number": trial.number, "params": suggest(trial, parameters)}
    elif request["op"] == "tell":
        trial = running.pop(request["number"])
        if request["constraint"] is not None:
            trial.set_user_attr("constraint", request["constraint"])
        study.tell(trial, request["values"])
    print(json.dumps(answer), flush=True)
