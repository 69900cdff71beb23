import type { Value } from "@bufbuild/protobuf/wkt";
import { Goal, type Parameter, type Study } from "@asktell/proto/asktell/v1/study_pb";
import { splitStudyName, studyTitle } from "./names.ts";

/** What the snippets are filled in with. */
export interface SnippetFacts {
  /** The server as this page sees it, `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** The secret of a token that may do what a snippet needs, or a placeholder. */
  readonly token: (scope: Snippet["scope"]) => string;
  readonly study: Pick<
    Study,
    "name" | "displayName" | "objectives" | "parameters" | "constraints" | "linearConstraints"
  >;
}

/** One way to run a worker, ready to copy. */
export interface Snippet {
  readonly id: "curl" | "python" | "cpp" | "hopaas";
  readonly title: string;
  /** What its token must be for: `edit` creates a study. */
  readonly scope: "work" | "edit";
  /** What is needed before it runs. */
  readonly needs: string;
  readonly code: string;
}

/** What the workers of a study have in common. */
interface Work {
  readonly origin: string;
  readonly token: string;
  /** The study's short name. */
  readonly study: string;
  /** How many values a trial tells. */
  readonly count: number;
  /** What a trial tells besides, with the bounds that good results keep to. */
  readonly bounds: Study["constraints"];
}

/** The smallest worker in each language: ask, evaluate, tell; and in hopaas_client, where that can express the study. */
export function snippetsFor(facts: SnippetFacts): readonly Snippet[] {
  const { origin, study } = facts;
  const work: Work = {
    origin,
    token: facts.token("work"),
    study: splitStudyName(study.name).study,
    count: Math.max(1, study.objectives.length),
    bounds: study.constraints,
  };
  const isPlain =
    work.count === 1 &&
    study.constraints.length + study.linearConstraints.length === 0 &&
    study.parameters.every(({ condition }) => condition === undefined);
  return [curl(work), python(work), cpp(work), ...(isPlain ? [hopaas(facts)] : [])];
}

function curl({ origin, token, study, count, bounds }: Work): Snippet {
  const call = (method: string, body: string): string =>
    `curl -s ${origin}/t/${token}/asktell.v1.TrialService/${method} \\\n  -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
  const values = Array.from({ length: count }, (_, index) => (0.31 * (index + 1)).toFixed(2)).join(", ");
  const metrics = bounds.map(({ metric, upper }) => `${JSON.stringify(metric)}: ${upper}`).join(", ");
  return {
    id: "curl",
    title: "curl",
    scope: "work",
    needs: "Nothing but curl.",
    code: `# Ask for a trial: the answer holds its parameters and its name
${call("AskTrials", `{"study": "${study}", "worker": "my-shell"}`)}

# Tell how it went (trial 0 here)
${call("TellTrial", `{"trial": "${study}/trials/0", "values": [${values}]${metrics === "" ? "" : `, "metrics": {${metrics}}`}}`)}
`,
  };
}

function python({ origin, token, study, count, bounds }: Work): Snippet {
  const { host, secure } = target(origin);
  const channel = secure
    ? `grpc.secure_channel("${host}", grpc.ssl_channel_credentials())`
    : `grpc.insecure_channel("${host}")`;
  const result = count === 1 ? "result" : "results";
  const values = `values=${count === 1 ? "[result]" : "results"}`;
  const [made, told] =
    bounds.length === 0 ? [result, values] : [`${result}, metrics`, `${values}, metrics=metrics`];
  const metrics = bounds.map(({ metric }) => `${JSON.stringify(metric)}: …`).join(", ");
  return {
    id: "python",
    title: "Python",
    scope: "work",
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
        ${made} = train(dict(trial.params))  # your own function${metrics === "" ? "" : `, with metrics {${metrics}}`}
        tell = api.TellTrialRequest(trial=trial.name, lease_token=trial.lease_token, ${told})
        trials.TellTrial(tell, metadata=token)
`,
  };
}

function cpp({ origin, token, study, count, bounds }: Work): Snippet {
  const { host, secure } = target(origin);
  const credentials = secure ? "grpc::SslCredentials({})" : "grpc::InsecureChannelCredentials()";
  const metrics = bounds.map(({ metric }) => JSON.stringify(metric)).join(", ");
  const lines =
    count === 1
      ? ["tell.add_values(train(trial.params()));  // your own function"]
      : ["for (double value : train(trial.params())) tell.add_values(value);  // your own function"];
  if (metrics !== "") {
    lines.push(
      `// Of the same training, ${metrics}: a map of strings to doubles`,
      "for (const auto& [name, number] : metrics()) (*tell.mutable_metrics())[name] = number;",
    );
  }
  return {
    id: "cpp",
    title: "C++",
    scope: "work",
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
      ${lines.join("\n      ")}
      TellTrialResponse told;
      if (!trials->TellTrial(&telling, tell, &told).ok()) return 1;
    }
  }
}
`,
  };
}

function hopaas({ origin, token, study }: SnippetFacts): Snippet {
  const maximises = study.objectives[0]?.goal === Goal.MAXIMIZE;
  const lines = study.parameters.map(
    (parameter) => `        ${JSON.stringify(parameter.name)}: hpc.suggestions.${suggestion(parameter)},\n`,
  );
  return {
    id: "hopaas",
    title: "hopaas_client",
    scope: "edit",
    needs:
      "The client: pip install git+https://github.com/landerlini/hopaas_client.git. Its first trial makes a study of its own over the same parameters.",
    code: `import hopaas_client as hpc

study = hpc.Study(
    ${JSON.stringify(studyTitle(study))},
    {
${lines.join("")}    },
    direction="${maximises ? "maximize" : "minimize"}",
    client=hpc.Client(server="${origin}", token="${token("edit")}"),
)

for _ in range(20):
    with study.trial() as trial:
        trial.loss = train(trial)  # your own function: the parameters are attributes of the trial
`,
  };
}

/** A parameter as hopaas_client says it; its real numbers have no steps, and its choices are texts. */
function suggestion({ domain }: Parameter): string {
  switch (domain.case) {
    case "integer": {
      const { low, high, step = 1n, log } = domain.value;
      return `Int(${low}, ${high}, ${step}, ${log ? "True" : "False"})`;
    }
    case "categorical":
      return `Categorical([${domain.value.choices.map((choice) => JSON.stringify(textOf(choice))).join(", ")}])`;
    case "real":
      return `${domain.value.log ? "LogUniform" : "Float"}(${domain.value.low}, ${domain.value.high})`;
    case undefined:
      return "Float(0, 1)";
  }
}

function textOf({ kind }: Value): string {
  return kind.case === "numberValue" || kind.case === "stringValue" || kind.case === "boolValue"
    ? String(kind.value)
    : "";
}

function target(origin: string): { host: string; secure: boolean } {
  const url = new URL(origin);
  const secure = url.protocol === "https:";
  return { host: url.port === "" ? `${url.hostname}:${secure ? 443 : 80}` : url.host, secure };
}
