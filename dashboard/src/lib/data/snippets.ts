/** What the snippets are filled in with. */
export interface SnippetFacts {
  /** The server as this page sees it, `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** The secret, or a placeholder. */
  readonly token: string;
  /** The study's short name. */
  readonly study: string;
  /** How many values a trial tells. */
  readonly objectives: readonly string[];
}

/** One way to run a worker, ready to copy. */
export interface Snippet {
  readonly id: "curl" | "python" | "cpp";
  readonly title: string;
  /** What is needed before it runs. */
  readonly needs: string;
  readonly code: string;
}

/** The smallest worker in each language: ask, evaluate, tell. */
export function snippetsFor(facts: SnippetFacts): readonly Snippet[] {
  return [curl(facts), python(facts), cpp(facts)];
}

function curl({ origin, token, study, objectives }: SnippetFacts): Snippet {
  const call = (method: string, body: string): string =>
    `curl -s ${origin}/t/${token}/asktell.v1.TrialService/${method} \\\n  -H 'content-type: application/json' -d '${body}'`;
  const values = objectives.map((_, index) => (0.31 * (index + 1)).toFixed(2)).join(", ");
  return {
    id: "curl",
    title: "curl",
    needs: "Nothing but curl.",
    code: `# Ask for a trial: the answer holds its parameters and its name
${call("AskTrials", `{"study": "${study}", "worker": "my-shell"}`)}

# Tell how it went (trial 0 here)
${call("TellTrial", `{"trial": "${study}/trials/0", "values": [${values}]}`)}
`,
  };
}

function python({ origin, token, study, objectives }: SnippetFacts): Snippet {
  const { host, secure } = target(origin);
  const channel = secure
    ? `grpc.secure_channel("${host}", grpc.ssl_channel_credentials())`
    : `grpc.insecure_channel("${host}")`;
  return {
    id: "python",
    title: "Python",
    needs: "The stubs: pip install ./gen/python from the project's repository.",
    code: `import socket, time
import grpc
from asktell.v1 import study_pb2, trial_service_pb2 as api, trial_service_pb2_grpc as rpc

trials = rpc.TrialServiceStub(${channel})
token = [("authorization", "Bearer ${token}")]

while True:
    ask = api.AskTrialsRequest(study="${study}", worker=socket.gethostname())
    answer = trials.AskTrials(ask, metadata=token)
    if answer.study_state == study_pb2.STUDY_STATE_FINISHED:
        break
    if not answer.trials:
        time.sleep(max(1, answer.retry_after.seconds))
    for trial in answer.trials:
        ${objectives.length === 1 ? "result" : "results"} = train(dict(trial.params))  # your own function
        tell = api.TellTrialRequest(trial=trial.name, lease_token=trial.lease_token, values=${objectives.length === 1 ? "[result]" : "results"})
        trials.TellTrial(tell, metadata=token)
`,
  };
}

function cpp({ origin, token, study, objectives }: SnippetFacts): Snippet {
  const { host, secure } = target(origin);
  const credentials = secure ? "grpc::SslCredentials({})" : "grpc::InsecureChannelCredentials()";
  const tell =
    objectives.length === 1
      ? "tell.add_values(train(trial.params()));"
      : "for (double value : train(trial.params())) tell.add_values(value);";
  return {
    id: "cpp",
    title: "C++",
    needs: "The stubs: gen/cpp of the project's repository, with its CMake file.",
    code: `#include <asktell/v1/trial_service.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <chrono>
#include <thread>
using namespace asktell::v1;

int main() {
  auto trials = TrialService::NewStub(grpc::CreateChannel("${host}", ${credentials}));
  for (;;) {
    grpc::ClientContext asking;
    asking.AddMetadata("authorization", "Bearer ${token}");
    AskTrialsRequest ask;
    ask.set_study("${study}");
    ask.set_worker("my-worker");
    AskTrialsResponse answer;
    if (!trials->AskTrials(&asking, ask, &answer).ok()) return 1;
    if (answer.study_state() == STUDY_STATE_FINISHED) return 0;
    if (answer.trials().empty()) std::this_thread::sleep_for(std::chrono::seconds(1));
    for (const Trial& trial : answer.trials()) {
      grpc::ClientContext telling;
      telling.AddMetadata("authorization", "Bearer ${token}");
      TellTrialRequest tell;
      tell.set_trial(trial.name());
      tell.set_lease_token(trial.lease_token());
      ${tell}  // your own function
      TellTrialResponse told;
      if (!trials->TellTrial(&telling, tell, &told).ok()) return 1;
    }
  }
}
`,
  };
}

function target(origin: string): { host: string; secure: boolean } {
  const url = new URL(origin);
  const secure = url.protocol === "https:";
  return { host: url.port === "" ? `${url.hostname}:${secure ? 443 : 80}` : url.host, secure };
}
