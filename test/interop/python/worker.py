"""A gRPC worker on grpcio and the generated stubs.

usage: worker.py work  ADDRESS STUDY WORKER
       worker.py read  ADDRESS TRIAL...

`work` asks, reports and tells until the study has finished, and prints one JSON object a trial that it told. `read` prints one
JSON object a trial, as GetTrial answers it. The token comes from ASKTELL_TOKEN.
"""

import json
import os
import sys
import time
import uuid

import grpc
from google.protobuf.json_format import MessageToDict

from asktell.v1 import study_pb2, trial_service_pb2, trial_service_pb2_grpc


PACE = 0.3  # Seconds that an evaluation takes: nobody's training is over at once.


def show(trial):
    print(json.dumps(MessageToDict(trial)), flush=True)


def loss(params):
    x = params["x"] - 0.3
    n = params["n"] - 3
    return x * x + n * n + (0 if params["act"] == "tanh" else 1)


def work(stub, metadata, study, worker):
    while True:
        answer = stub.AskTrials(
            trial_service_pb2.AskTrialsRequest(study=study, worker=worker, request_id=str(uuid.uuid4()), max_wait={"seconds": 5}),
            metadata=metadata,
            timeout=30,
        )
        if answer.study_state == study_pb2.STUDY_STATE_FINISHED:
            return
        for trial in answer.trials:
            time.sleep(PACE)
            value = loss(trial.params)
            report = trial_service_pb2.ReportTrialRequest(
                trial=trial.name, lease_token=trial.lease_token, step=1, values=[value + 1], metrics={"seconds": 0.5}
            )
            stub.ReportTrial(report, metadata=metadata, timeout=30)
            tell = trial_service_pb2.TellTrialRequest(
                trial=trial.name, lease_token=trial.lease_token, values=[value], request_id=str(uuid.uuid4())
            )
            show(stub.TellTrial(tell, metadata=metadata, timeout=30).trial)


def main():
    mode, address, *rest = sys.argv[1:]
    metadata = [("authorization", f"Bearer {os.environ['ASKTELL_TOKEN']}")]
    with grpc.insecure_channel(address) as channel:
        stub = trial_service_pb2_grpc.TrialServiceStub(channel)
        if mode == "work":
            work(stub, metadata, *rest)
        else:
            for name in rest:
                request = trial_service_pb2.GetTrialRequest(trial=name)
                show(stub.GetTrial(request, metadata=metadata, timeout=30).trial)


if __name__ == "__main__":
    main()
