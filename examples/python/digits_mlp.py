"""Tunes scikit-learn's MLPClassifier on the handwritten digits that come with scikit-learn, with several worker processes.

    pip install ./gen/python -r examples/python/requirements.txt
    python examples/python/digits_mlp.py --server localhost:8080 --token at_... --trials 40 --workers 2

Each worker asks the server for hyperparameters, trains epoch by epoch, reports the validation accuracy after each epoch, stops
where the server says so, and tells the outcome. Any number of workers on any number of machines may join: start the
script again with the same --study. The token needs the scope `edit`, as the script creates the study if there is none.
"""

import argparse
import multiprocessing
import os
import random
import socket
import sys
import time
import uuid

# One thread a worker: the workers are the parallelism. Before numpy is loaded, which reads it once.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import grpc
from asktell.v1 import study_pb2, study_service_pb2, study_service_pb2_grpc
from asktell.v1 import trial_pb2, trial_service_pb2, trial_service_pb2_grpc
from google.protobuf.duration_pb2 import Duration

# A call that fails like this may or may not have been carried out. Repeating it is safe, as every call below either carries a
# request id or, for a report, names its step.
TRANSIENT = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}
PATIENCE_SECONDS = 300  # how long a worker outlives an unreachable server
CALL_SECONDS = 30


class Client:
    """The calls of this script: with the token, a deadline, and repetition while the server cannot be reached."""

    def __init__(self, server, token):
        target = server.removeprefix("http://").removeprefix("https://").rstrip("/")
        # Come back soon after the server has restarted, rather than after gRPC's own two minutes.
        options = [("grpc.initial_reconnect_backoff_ms", 200), ("grpc.max_reconnect_backoff_ms", 5000)]
        if server.startswith("https://"):
            self.channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(), options=options)
        else:
            self.channel = grpc.insecure_channel(target, options=options)
        self.metadata = [("authorization", f"Bearer {token}")] if token else []
        self.studies = study_service_pb2_grpc.StudyServiceStub(self.channel)
        self.trials = trial_service_pb2_grpc.TrialServiceStub(self.channel)

    def call(self, method, request):
        """The answer to `request`, repeated unchanged while the failure is transient."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        pause = 0.2
        while True:
            try:
                return method(request, metadata=self.metadata, timeout=CALL_SECONDS)
            except grpc.RpcError as error:
                if error.code() not in TRANSIENT or time.monotonic() > give_up:
                    raise
                # Jitter, so that a hundred workers do not come back in the same instant.
                time.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, 10.0)


def search_space():
    """What is tuned. `momentum` exists only for the solver that has one."""
    momentum = study_pb2.Parameter(name="momentum", real=study_pb2.RealDomain(low=0.5, high=0.99))
    momentum.condition.parent = "solver"
    momentum.condition.values.add().string_value = "sgd"
    return [
        study_pb2.Parameter(name="lr", real=study_pb2.RealDomain(low=1e-4, high=0.3, log=True)),
        study_pb2.Parameter(name="alpha", real=study_pb2.RealDomain(low=1e-6, high=1.0, log=True)),
        study_pb2.Parameter(name="hidden", integer=study_pb2.IntegerDomain(low=8, high=256, log=True)),
        study_pb2.Parameter(name="layers", integer=study_pb2.IntegerDomain(low=1, high=3)),
        categorical("batch_size", [16, 32, 64, 128], ordered=True),
        categorical("activation", ["relu", "tanh", "logistic"]),
        categorical("solver", ["adam", "sgd"]),
        momentum,
    ]


def categorical(name, choices, ordered=False):
    parameter = study_pb2.Parameter(name=name)
    for choice in choices:
        value = parameter.categorical.choices.add()
        if isinstance(choice, str):
            value.string_value = choice
        else:
            value.number_value = choice
    parameter.categorical.ordered = ordered
    return parameter


def ensure_study(client, args):
    """Creates the study, or finds the one that another process created under the same name."""
    study = study_pb2.Study(
        display_name="MLP on handwritten digits",
        parameters=search_space(),
        objectives=[study_pb2.Objective(name="accuracy", goal=study_pb2.GOAL_MAXIMIZE)],
        max_trials=args.trials,
        # A worker that says nothing for a minute has died: another one gets its trial.
        lease_duration=Duration(seconds=60),
    )
    if args.seed is not None:
        study.seed = args.seed
    request = study_service_pb2.CreateStudyRequest(study_id=args.study, allow_existing=True, study=study)
    return client.call(client.studies.CreateStudy, request).study


def load_digits():
    """Training, validation and test sets, always the same: 1077, 360 and 360 images of 8 x 8 pixels from 0 to 1.

    The server sees validation accuracy only. The test set is for the winner, once.
    """
    from sklearn.datasets import load_digits as load
    from sklearn.model_selection import train_test_split

    data = load()
    pixels = data.data / 16.0
    x_rest, x_test, y_rest, y_test = train_test_split(
        pixels, data.target, test_size=360, stratify=data.target, random_state=1
    )
    x_train, x_valid, y_train, y_valid = train_test_split(
        x_rest, y_rest, test_size=360, stratify=y_rest, random_state=1
    )
    return (x_train, y_train), (x_valid, y_valid), (x_test, y_test)


def build_model(params, seed):
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        # Numbers of a Struct are doubles, as in JSON.
        hidden_layer_sizes=(int(params["hidden"]),) * int(params["layers"]),
        activation=params["activation"],
        solver=params["solver"],
        alpha=params["alpha"],
        batch_size=int(params["batch_size"]),
        learning_rate_init=params["lr"],
        momentum=params["momentum"] if "momentum" in params else 0.9,
        random_state=seed,
    )


def train(params, seed, data, epochs):
    """Yields the model and its validation accuracy after each epoch."""
    (x_train, y_train), (x_valid, y_valid), _ = data
    model = build_model(params, seed)
    for epoch in range(1, epochs + 1):
        model.partial_fit(x_train, y_train, classes=range(10))
        yield epoch, model, float(model.score(x_valid, y_valid))


def run_trial(client, trial, data, epochs):
    """Trains one trial and tells its outcome. Returns a word for the log."""
    tell = trial_service_pb2.TellTrialRequest(
        trial=trial.name, lease_token=trial.lease_token, request_id=str(uuid.uuid4())
    )
    best = 0.0
    try:
        for epoch, _, accuracy in train(dict(trial.params), trial.number, data, epochs):
            best = max(best, accuracy)
            report = trial_service_pb2.ReportTrialRequest(
                trial=trial.name, lease_token=trial.lease_token, step=epoch, values=[accuracy]
            )
            advice = client.call(client.trials.ReportTrial, report)
            if advice.should_stop:
                if advice.reason != trial_service_pb2.STOP_REASON_PRUNED:
                    return f"dropped: {advice.message}"
                tell.state = trial_pb2.TRIAL_STATE_PRUNED
                client.call(client.trials.TellTrial, tell)
                return f"pruned after epoch {epoch} at {accuracy:.4f}"
        tell.values.append(accuracy)
        outcome = f"accuracy {accuracy:.4f} (best epoch {best:.4f})"
    except ValueError as error:
        # A learning rate too high for the network: its weights overflow. A failed trial teaches the sampler as well.
        tell.failure = str(error)
        tell.state = trial_pb2.TRIAL_STATE_FAILED
        outcome = f"failed: {error}"
    client.call(client.trials.TellTrial, tell)
    return outcome


def work(args, index):
    """One worker process: trials until the study has finished."""
    worker = f"{socket.gethostname()}-{index}"
    client = Client(args.server, args.token)
    data = load_digits()
    try:
        while True:
            ask = trial_service_pb2.AskTrialsRequest(
                study=args.study, worker=worker, request_id=str(uuid.uuid4()), max_wait=Duration(seconds=10)
            )
            answer = client.call(client.trials.AskTrials, ask)
            for trial in answer.trials:
                print(f"[{worker}] trial {trial.number}: {run_trial(client, trial, data, args.epochs)}", flush=True)
            if not answer.trials:
                if answer.study_state == study_pb2.STUDY_STATE_FINISHED:
                    return
                time.sleep(max(answer.retry_after.ToTimedelta().total_seconds(), 0.1))
    except grpc.RpcError as error:
        sys.exit(f"[{worker}] {error.code().name}: {error.details()}")


def summarise(client, args):
    """Prints the best trial, and its accuracy on images that took no part in the search."""
    study = client.call(client.studies.GetStudy, study_service_pb2.GetStudyRequest(study=args.study)).study
    counts = study.trial_counts
    print(f"{counts.total} trials: {counts.completed} completed, {counts.pruned} pruned, {counts.failed} failed")
    if not study.HasField("best_trial"):
        sys.exit("No trial completed.")
    name = f"{args.study}/trials/{study.best_trial}"
    best = client.call(client.trials.GetTrial, trial_service_pb2.GetTrialRequest(trial=name)).trial
    data = load_digits()
    *_, (_, model, _) = train(dict(best.params), best.number, data, args.epochs)
    print(f"best: trial {best.number}, validation accuracy {best.values[0]:.4f}, test accuracy {model.score(*data[2]):.4f}")
    for parameter, value in sorted(dict(best.params).items()):
        print(f"  {parameter} = {value if isinstance(value, str) else format(value, '.6g')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="localhost:8080", help="host:port, or a URL (default: %(default)s)")
    parser.add_argument("--token", default=os.environ.get("ASKTELL_TOKEN", ""), help="default: $ASKTELL_TOKEN")
    parser.add_argument("--study", default="digits-mlp", help="default: %(default)s")
    parser.add_argument("--trials", type=int, default=40, help="how many the study may hold (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=20, help="at most this many a trial (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of the study (default: chosen by the server)")
    args = parser.parse_args()

    client = Client(args.server, args.token)
    try:
        study = ensure_study(client, args)
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
    print(f"study {study.name}", flush=True)

    # gRPC's threads do not survive a fork: start the workers fresh.
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(args, index)) for index in range(args.workers)]
    for process in workers:
        process.start()
    for process in workers:
        process.join()
    if any(process.exitcode != 0 for process in workers):
        sys.exit("A worker failed.")
    summarise(client, args)


if __name__ == "__main__":
    main()
