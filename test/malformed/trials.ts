import { type Expected, type Row, row } from "./row.ts";

const ask = (name: string, fields: object, expected: Expected) =>
  row(name, "TrialService/AskTrials", { study: "good", ...fields }, expected);
const report = (name: string, fields: object, expected: Expected) =>
  row(name, "TrialService/ReportTrial", { trial: "good/trials/0", ...fields }, expected);
const tell = (name: string, fields: object, expected: Expected) =>
  row(name, "TrialService/TellTrial", { trial: "good/trials/0", ...fields }, expected);
const enqueue = (name: string, trials: unknown, expected: Expected) =>
  row(name, "TrialService/EnqueueTrials", { study: "good", trials }, expected);
const point = { lr: 0.5, n: 1, act: "tanh" };
const imports = (name: string, trial: object, expected: Expected) =>
  row(
    name,
    "TrialService/ImportTrials",
    { study: "good", trials: [{ params: point, values: [1], ...trial }] },
    expected,
  );

const outside = (field: string, message: RegExp): Expected => ({
  reason: "PARAMETER_OUT_OF_DOMAIN",
  field,
  message,
});

const asks: Row[] = [
  ask("a negative count", { count: -1 }, { field: "count", message: /-1 is not accepted/ }),
  ask("a count of 1,001", { count: 1_001 }, { field: "count", message: /1001 is not accepted: .* 1000/ }),
  ask("a count that is text", { count: "few" }, { field: "count", message: /"few" is not accepted/ }),
  ask("a worker with NUL", { worker: "a\0" }, { field: "worker", message: /U\+0000/ }),
  ask("a worker of 201 characters", { worker: "w".repeat(201) }, { field: "worker", message: /at most 200/ }),
  ask(
    "a worker that is a number",
    { worker: 7 },
    { field: "worker", message: /7 is not accepted: expected a text/ },
  ),
  ask(
    "a request id of 65 characters",
    { requestId: "r".repeat(65) },
    { field: "request_id", message: /at most 64/ },
  ),
  ask("a request id with NUL", { requestId: "\0" }, { field: "request_id", message: /U\+0000/ }),
  ask(
    "a request id of another request",
    { requestId: "asked", count: 2 },
    { reason: "REQUEST_ID_REUSED", message: /asked/ },
  ),
  ask(
    "a lease of no time",
    { leaseDuration: "0s" },
    { field: "lease_duration", message: /0s is not accepted/ },
  ),
  ask(
    "a lease of a century",
    { leaseDuration: "3153600000s" },
    { field: "lease_duration", message: /3153600000s is not accepted/ },
  ),
  ask("a wait into the past", { maxWait: "-1s" }, { field: "max_wait", message: /-1s is not accepted/ }),
  ask("a wait of a day", { maxWait: "86400s" }, { field: "max_wait", message: /86400s is not accepted/ }),
  ask("resuming nobody's trials", { resume: true }, { field: "worker", message: /`resume`/ }),
  ask(
    "fixing an unknown parameter",
    { fixedParams: { depth: 1 } },
    outside("fixed_params.depth", /1 is not accepted: expected one of the study's parameters: lr, n, act/),
  ),
  row(
    "fixing __proto__",
    "TrialService/AskTrials",
    '{"study":"good","fixedParams":{"__proto__":1}}',
    outside("fixed_params.__proto__", /parameters: lr/),
  ),
  ask(
    "fixing a value outside",
    { fixedParams: { lr: 2 } },
    outside("fixed_params.lr", /2 is not accepted: expected a number from 0 to 1/),
  ),
  ask(
    "fixing a value that is a list",
    { fixedParams: { lr: [0.5] } },
    outside("fixed_params.lr", /is a list/),
  ),
  ask(
    "fixing a value that is an object",
    { fixedParams: { lr: {} } },
    outside("fixed_params.lr", /an object/),
  ),
  ask(
    "fixing null where that is no choice",
    { fixedParams: { lr: null } },
    outside("fixed_params.lr", /null is not accepted/),
  ),
  ask(
    "fixing text for a number",
    { fixedParams: { n: "2" } },
    outside("fixed_params.n", /"2" is not accepted: expected a whole number/),
  ),
  ask(
    "fixing a fraction for a whole number",
    { fixedParams: { n: 1.5 } },
    outside("fixed_params.n", /1.5 is not accepted/),
  ),
  ask(
    "fixing a number beyond 2^53",
    { fixedParams: { n: 2 ** 60 } },
    outside("fixed_params.n", /1152921504606847000 is not accepted: expected a whole number from 1 to 4/),
  ),
  ask(
    "fixing a parameter that is not active",
    { fixedParams: { act: "tanh", slope: 0.5 } },
    outside("fixed_params.slope", /active only where act is "relu"/),
  ),
  ask(
    "fixing a parameter of a long name",
    { fixedParams: { ["p".repeat(5_000)]: 1 } },
    { reason: "PARAMETER_OUT_OF_DOMAIN", message: /p…: 1 is not accepted/ },
  ),
  ask(
    "parameters that are a list",
    { fixedParams: [1] },
    { field: "fixed_params", message: /expected an object/ },
  ),
  row(
    "asking an unknown study",
    "TrialService/AskTrials",
    { study: "nowhere" },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /"nowhere"/ },
  ),
  row("asking nobody", "TrialService/AskTrials", {}, { field: "study", message: /at least 1/ }),
];

const reports: Row[] = [
  report("a negative step", { step: -1, values: [1] }, { field: "step", message: /-1 is not accepted/ }),
  report(
    "a step beyond 32 bits",
    { step: 2 ** 31, values: [1] },
    { field: "step", message: /2147483648 is not accepted/ },
  ),
  report(
    "a step with a fraction",
    { step: 0.5, values: [1] },
    { field: "step", message: /0.5 is not accepted/ },
  ),
  report(
    "no values at all",
    { step: 1 },
    { reason: "METRIC_MISSING", field: "values", message: /no value for the objective "value"/ },
  ),
  report(
    "two values for one objective",
    { values: [1, 2] },
    { field: "values", message: /has 2 numbers: expected 1/ },
  ),
  report("nine values", { values: Array(9).fill(1) }, { field: "values", message: /no more than 8/ }),
  report(
    "a value that is text",
    { values: ["low"] },
    { field: "values[0]", message: /"low" is not accepted: expected a number/ },
  ),
  report("a value that is null", { values: [null] }, { field: "values[0]", message: /null is not accepted/ }),
  report(
    "values that are no list",
    { values: 1 },
    { field: "values", message: /1 is not accepted: expected a list/ },
  ),
  report(
    "a metric without a name",
    { values: [1], metrics: { "": 1 } },
    { field: 'metrics[""]', message: /"" is not accepted/ },
  ),
  report(
    "a metric that is text",
    { values: [1], metrics: { a: "b" } },
    { field: 'metrics["a"]', message: /"b" is not accepted/ },
  ),
  report(
    "a metric with NUL",
    { values: [1], metrics: { "a\0": 1 } },
    { field: "metrics (a name in it)", message: /U\+0000/ },
  ),
  report(
    "257 metrics",
    { values: [1], metrics: Object.fromEntries([...Array(257).keys()].map((i) => [`m${i}`, i])) },
    { field: "metrics", message: /256/ },
  ),
  report(
    "an unknown trial",
    { trial: "good/trials/999", values: [1] },
    { code: "not_found", reason: "TRIAL_NOT_FOUND", message: /good has no trial 999/ },
  ),
  report(
    "a trial number below 0",
    { trial: "good/trials/-1", values: [1] },
    { field: "trial", message: /"good\/trials\/-1" is no trial/ },
  ),
  report(
    "a trial number beyond 32 bits",
    { trial: "good/trials/4294967296", values: [1] },
    { field: "trial", message: /is no trial/ },
  ),
  report(
    "a trial number with a zero in front",
    { trial: "good/trials/00", values: [1] },
    { field: "trial", message: /is no trial/ },
  ),
  report(
    "a study instead of a trial",
    { trial: "good", values: [1] },
    { field: "trial", message: /"good" is no trial/ },
  ),
  report(
    "a trial of an unknown study",
    { trial: "nowhere/trials/0", values: [1] },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /"nowhere"/ },
  ),
  report(
    "the lease token of another trial",
    { leaseToken: "1-1", values: [1] },
    { field: "lease_token", message: /"1-1" is not a token of trial 0/ },
  ),
  report(
    "a lease token of an attempt to come",
    { leaseToken: "0-2", values: [1] },
    { field: "lease_token", message: /attempt 2/ },
  ),
  report(
    "a lease token that is none",
    { leaseToken: "mine", values: [1] },
    { field: "lease_token", message: /"mine" is not a token/ },
  ),
  report(
    "a lease token of 65 characters",
    { leaseToken: "0".repeat(65), values: [1] },
    { field: "lease_token", message: /at most 64/ },
  ),
  row("renewing nothing", "TrialService/RenewLease", {}, { field: "leases", message: /at least 1/ }),
  row(
    "renewing 1,001 leases",
    "TrialService/RenewLease",
    { leases: Array(1_001).fill({ trial: "good/trials/0" }) },
    { field: "leases", message: /no more than 1000/ },
  ),
  row(
    "renewing a lease of nothing",
    "TrialService/RenewLease",
    { leases: [{ trial: "good/trials/0" }, {}] },
    { field: "leases[1].trial", message: /at least 1/ },
  ),
  row(
    "renewing the lease of an unknown trial",
    "TrialService/RenewLease",
    { leases: [{ trial: "good/trials/999" }] },
    { code: "not_found", message: /no trial 999/ },
  ),
];

const tells: Row[] = [
  tell(
    "nothing",
    {},
    { reason: "METRIC_MISSING", field: "values", message: /no value for the objective "value"/ },
  ),
  tell(
    "two values for one objective",
    { values: [1, 2] },
    { field: "values", message: /has 2 numbers: expected 1, one for each objective \(value\)/ },
  ),
  tell(
    "one value for two objectives",
    { trial: "two/trials/0", values: [1] },
    { field: "values", message: /has 1 numbers: expected 2, one for each objective \(loss, time\)/ },
  ),
  tell(
    "a metric for one of two objectives",
    { trial: "two/trials/0", metrics: { loss: 1 } },
    { reason: "METRIC_MISSING", field: "values", message: /"time"/ },
  ),
  tell(
    "no metric for a constraint",
    { trial: "two/trials/0", values: [1, 2] },
    { reason: "METRIC_MISSING", field: "metrics.memory", message: /memory to be at most 8/ },
  ),
  tell(
    "that it still runs",
    { state: "TRIAL_STATE_RUNNING" },
    {
      field: "state",
      message: /TRIAL_STATE_RUNNING is not accepted: must be one of .*TRIAL_STATE_COMPLETED/,
    },
  ),
  tell("that it waits", { state: 1 }, { field: "state", message: /TRIAL_STATE_WAITING is not accepted/ }),
  tell(
    "a state that does not exist",
    { state: "DONE" },
    { field: "state", message: /"DONE" is not accepted: expected one of .*TRIAL_STATE_COMPLETED/ },
  ),
  tell(
    "a state's number that does not exist",
    { state: 99 },
    { field: "state", message: /99 is not accepted/ },
  ),
  tell(
    "a failure of 10,001 characters",
    { failure: "f".repeat(10_001) },
    { field: "failure", message: /at most 10000/ },
  ),
  tell("a failure with NUL", { failure: "\0" }, { field: "failure", message: /U\+0000/ }),
  tell(
    "by the lease token of another trial",
    { leaseToken: "2-1", values: [1] },
    { field: "lease_token", message: /"2-1" is not a token of trial 0/ },
  ),
  tell(
    "by a lease token of an attempt to come",
    { leaseToken: "0-7", values: [1] },
    { field: "lease_token", message: /names attempt 7, but trial 0 has had 1/ },
  ),
  tell(
    "a trial that has ended",
    { trial: "good/trials/3", values: [2] },
    {
      code: "failed_precondition",
      reason: "TRIAL_ALREADY_TERMINAL",
      message: /trial 3 has ended already: it is completed/,
    },
  ),
  tell(
    "another outcome under the same request id",
    { trial: "good/trials/3", values: [2], requestId: "told" },
    { reason: "REQUEST_ID_REUSED", message: /"told" told trial 3 another outcome/ },
  ),
  tell(
    "an unknown trial",
    { trial: "good/trials/2147483647", values: [1] },
    { code: "not_found", reason: "TRIAL_NOT_FOUND", message: /no trial 2147483647/ },
  ),
];

const additions: Row[] = [
  enqueue("no points", [], { field: "trials", message: /at least 1/ }),
  enqueue("1,001 points", Array(1_001).fill({}), { field: "trials", message: /no more than 1000/ }),
  enqueue(
    "points that are no list",
    { params: {} },
    { field: "trials", message: /an object is not accepted: expected a list/ },
  ),
  enqueue(
    "a point outside",
    [{ params: { lr: 0.5 } }, { params: { lr: -1 } }],
    outside("trials[1].params.lr", /-1 is not accepted/),
  ),
  enqueue(
    "a point with an unknown parameter",
    [{ params: { a: 1 } }],
    outside("trials[0].params.a", /parameters: lr, n, act/),
  ),
  enqueue("a point with attributes above 64 KiB", [{ attributes: { a: "b".repeat(70_000) } }], {
    field: "trials[0].attributes",
    message: /at most 65536/,
  }),
  row(
    "enqueueing in a finished study",
    "TrialService/EnqueueTrials",
    { study: "done", trials: [{}] },
    { code: "failed_precondition", reason: "STUDY_FINISHED", message: /finished/ },
  ),
  row(
    "enqueueing more than the budget",
    "TrialService/EnqueueTrials",
    { study: "two", trials: Array(9).fill({}) },
    { code: "failed_precondition", reason: "BUDGET_EXHAUSTED", message: /room for 8 more trials, not 9/ },
  ),
  imports(
    "without a parameter",
    { params: { lr: 0.5, n: 1 } },
    outside("trials[0].params.act", /is missing: expected one of "relu"/),
  ),
  imports(
    "a parameter that is not active",
    { params: { ...point, slope: 1 } },
    outside("trials[0].params.slope", /active only where act is "relu"/),
  ),
  imports(
    "two values for one objective",
    { values: [1, 2] },
    { field: "trials[0].values", message: /expected 1/ },
  ),
  imports(
    "a trial that still runs",
    { state: "TRIAL_STATE_RUNNING" },
    { field: "trials[0].state", message: /TRIAL_STATE_RUNNING is not accepted/ },
  ),
  imports(
    "a time before the year 1",
    { startTime: "0000-12-31T00:00:00Z" },
    { field: "trials[0].start_time", message: /is not accepted: expected a time/ },
  ),
  imports(
    "a time after the year 9999",
    { endTime: "10000-01-01T00:00:00Z" },
    { field: "trials[0].end_time", message: /is not accepted: expected a time/ },
  ),
  imports(
    "a time that is none",
    { endTime: "yesterday" },
    { field: "trials[0].end_time", message: /"yesterday" is not accepted/ },
  ),
  imports(
    "a time that is a number",
    { endTime: 1_700_000_000 },
    { field: "trials[0].end_time", message: /1700000000 is not accepted/ },
  ),
  imports(
    "an end before the start",
    { startTime: "2026-01-02T00:00:00Z", endTime: "2026-01-01T00:00:00Z" },
    { field: "trials[0].start_time", message: /expected at most its end/ },
  ),
  imports(
    "a measurement at a negative step",
    { measurements: [{ step: -1, values: [1] }] },
    { field: "trials[0].measurements[0].step", message: /-1 is not accepted/ },
  ),
  imports(
    "two measurements at one step",
    {
      measurements: [
        { step: 1, values: [1] },
        { step: 1, values: [2] },
      ],
    },
    { field: "trials[0].measurements[1]", message: /repeats the step 1/ },
  ),
  imports(
    "a measurement without values",
    { measurements: [{ step: 1 }] },
    { field: "trials[0].measurements[0].values", message: /has 0 numbers: expected 1/ },
  ),
  imports(
    "a metric without a name",
    { metrics: { "": 1 } },
    { field: 'trials[0].metrics[""]', message: /"" is not accepted/ },
  ),
  imports(
    "attributes with NUL",
    { attributes: { "\0": 1 } },
    { field: "trials[0].attributes (a name in it)", message: /U\+0000/ },
  ),
];

const edit = (name: string, fields: object, expected: Expected) =>
  row(name, "TrialService/EditTrial", { trial: "queue/trials/0", params: point, ...fields }, expected);
const cancel = (name: string, fields: object, expected: Expected) =>
  row(name, "TrialService/CancelTrial", { trial: "queue/trials/0", ...fields }, expected);

/** None of them may change the trials that wait. */
const waiting: Row[] = [
  edit("editing no trial", { trial: "" }, { field: "trial", message: /"" is not accepted/ }),
  edit("editing without parameters", { params: undefined }, { field: "params", message: /is missing/ }),
  edit(
    "editing to a point without a parameter",
    { params: { lr: 0.5, n: 1 } },
    outside("params.act", /is missing: expected one of "relu"/),
  ),
  edit(
    "editing to a point outside",
    { params: { ...point, lr: 2 } },
    outside("params.lr", /2 is not accepted/),
  ),
  edit(
    "editing to a point with an unknown parameter",
    { params: { ...point, depth: 1 } },
    outside("params.depth", /parameters: lr, n, act/),
  ),
  edit(
    "editing to a parameter that is not active",
    { params: { ...point, slope: 1 } },
    outside("params.slope", /active only where act is "relu"/),
  ),
  edit(
    "editing to a list",
    { params: { ...point, lr: [0.5] } },
    outside("params.lr", /is a list or an object/),
  ),
  edit("editing to what are no parameters", { params: 7 }, { field: "params", message: /7 is not accepted/ }),
  edit(
    "editing to the point of another trial",
    { params: { lr: 0.75, n: 1, act: "tanh" } },
    { field: "params", message: /those of another trial: .* once \(replicates\)/ },
  ),
  edit(
    "editing to attributes above 64 KiB",
    { attributes: { a: "b".repeat(70_000) } },
    {
      field: "attributes",
      message: /at most 65536/,
    },
  ),
  edit(
    "editing at a negative revision",
    { revision: -1 },
    { field: "revision", message: /-1 is not accepted/ },
  ),
  edit(
    "editing at a revision that is none",
    { revision: "new" },
    { field: "revision", message: /"new" is not accepted/ },
  ),
  edit(
    "editing at a revision beyond all",
    { revision: "9223372036854775807" },
    { code: "aborted", reason: "ETAG_MISMATCH", message: /read it again/ },
  ),
  edit(
    "editing by a request id of 65 characters",
    { requestId: "r".repeat(65) },
    {
      field: "request_id",
      message: /at most 64/,
    },
  ),
  edit(
    "editing by the request id of an enqueueing",
    { requestId: "enqueued" },
    { reason: "REQUEST_ID_REUSED", message: /"enqueued"/ },
  ),
  edit(
    "editing a trial that runs",
    { trial: "good/trials/0" },
    {
      code: "failed_precondition",
      reason: "TRIAL_STATE",
      message: /trial 0 is running by "w"; only one that waits/,
    },
  ),
  edit(
    "editing a trial that has ended",
    { trial: "good/trials/3" },
    { code: "failed_precondition", reason: "TRIAL_STATE", message: /trial 3 has ended: it is completed/ },
  ),
  edit(
    "editing an unknown trial",
    { trial: "queue/trials/2147483647" },
    { code: "not_found", reason: "TRIAL_NOT_FOUND", message: /no trial 2147483647/ },
  ),
  cancel("cancelling no trial", { trial: "queue" }, { field: "trial", message: /"queue" is no trial/ }),
  cancel(
    "cancelling for a reason of 10,001 characters",
    { reason: "r".repeat(10_001) },
    {
      field: "reason",
      message: /at most 10000/,
    },
  ),
  cancel("cancelling for a reason with NUL", { reason: "\0" }, { field: "reason", message: /U\+0000/ }),
  cancel(
    "cancelling by the request id of an enqueueing",
    { requestId: "enqueued" },
    { reason: "REQUEST_ID_REUSED", message: /"enqueued"/ },
  ),
  cancel(
    "cancelling a trial that runs",
    { trial: "good/trials/0" },
    { code: "failed_precondition", reason: "TRIAL_STATE", message: /is running by "w"; .* can be cancelled/ },
  ),
  cancel(
    "cancelling a trial that has ended",
    { trial: "good/trials/3" },
    { code: "failed_precondition", reason: "TRIAL_STATE", message: /has ended: it is completed/ },
  ),
  cancel(
    "cancelling an unknown trial",
    { trial: "queue/trials/77" },
    { code: "not_found", reason: "TRIAL_NOT_FOUND", message: /no trial 77/ },
  ),
];

const update = "TrialService/UpdateTrial";
const rest: Row[] = [
  row(
    "reading an unknown trial",
    "TrialService/GetTrial",
    { trial: "good/trials/77" },
    { code: "not_found", reason: "TRIAL_NOT_FOUND", message: /no trial 77/ },
  ),
  row(
    "reading the trial of another project",
    "TrialService/GetTrial",
    { trial: "projects/other/studies/good/trials/0" },
    { code: "not_found", message: /no project "other"/ },
  ),
  row("updating nothing", update, {}, { field: "trial", message: /is missing/ }),
  row(
    "updating a trial's values",
    update,
    { trial: { name: "good/trials/0", values: [1] }, updateMask: "values" },
    { field: "update_mask", message: /"values": expected attributes/ },
  ),
  row(
    "updating a trial without a name",
    update,
    { trial: {}, updateMask: "attributes" },
    { field: "trial.name", message: /"" is no trial/ },
  ),
  row(
    "attributes with half a character",
    update,
    { trial: { name: "good/trials/0", attributes: { a: "\udfff" } }, updateMask: "attributes" },
    { field: "trial.attributes.a", message: /surrogate/ },
  ),
  row(
    "updating an unknown trial",
    update,
    { trial: { name: "good/trials/77" }, updateMask: "attributes" },
    { code: "not_found", message: /no trial 77/ },
  ),
];

/** Malformed requests about trials. */
export const trialRows: readonly Row[] = [...asks, ...reports, ...tells, ...additions, ...waiting, ...rest];
