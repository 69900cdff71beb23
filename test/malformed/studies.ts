import { type Expected, type Row, row } from "./row.ts";

const create = "StudyService/CreateStudy";
const x = (fields: object) => ({ name: "x", ...fields });
const real = (fields: object) => x({ real: { low: 0, high: 1, ...fields } });
const integer = (fields: object) => x({ integer: { low: 1, high: 9, ...fields } });
const choices = (...list: unknown[]) => x({ categorical: { choices: list } });

/** CreateStudy with these parameters; the path is below the first of them. */
function space(name: string, parameters: readonly object[], field: string, message: RegExp): Row {
  const path =
    field === "" || field.startsWith("[") ? `study.parameters${field}` : `study.parameters[0].${field}`;
  return row(name, create, { study: { parameters } }, { field: path, message });
}

/** CreateStudy with one good parameter and these fields; the path is below the study. */
function study(
  name: string,
  fields: object,
  field: string,
  message: RegExp,
  other: Partial<Expected> = {},
): Row {
  return row(
    name,
    create,
    { study: { parameters: [real({})], ...fields } },
    { field: `study.${field}`, message, ...other },
  );
}

const conditional = (condition: object, other: object = {}) => [
  { name: "a", categorical: { choices: ["u", "v"] }, ...other },
  { name: "b", real: { low: 0, high: 1 }, condition },
];

const domains: Row[] = [
  space("a bound that is NaN", [real({ low: "NaN" })], "real.low", /NaN is not accepted: must be finite/),
  space("an infinite bound", [real({ high: "Infinity" })], "real.high", /Infinity is not accepted/),
  space("bounds whose distance overflows", [real({ low: -1.7e308, high: 1.7e308 })], "real.high", /width/),
  space(
    "low above high",
    [real({ low: 2 })],
    "real.low",
    /2 is not accepted: expected at most high, which is 1/,
  ),
  space(
    "a logarithmic scale from 0",
    [real({ log: true })],
    "real.low",
    /0 is not accepted: expected above 0/,
  ),
  space("a logarithmic scale from below 0", [real({ low: -1, log: true })], "real.low", /-1 is not accepted/),
  space(
    "a logarithmic scale with a step",
    [real({ low: 0.1, log: true, step: 0.1 })],
    "real.step",
    /logarithmic/,
  ),
  space("a step of 0", [real({ step: 0 })], "real.step", /0 is not accepted: must be greater than 0/),
  space("a negative step", [real({ step: -0.1 })], "real.step", /-0.1 is not accepted/),
  space("a step that is NaN", [real({ step: "NaN" })], "real.step", /NaN is not accepted/),
  space(
    "a step that doubles cannot tell apart",
    [real({ step: 1e-300 })],
    "real.step",
    /1e-300 is not accepted/,
  ),
  space(
    "a bound that is text",
    [real({ low: "zero" })],
    "real.low",
    /"zero" is not accepted: expected a number/,
  ),
  space("a whole number with a fraction", [integer({ low: 1.5 })], "integer.low", /1.5 .* whole number/),
  space(
    "a whole number beyond 2^53",
    [integer({ high: "9007199254740993" })],
    "integer.high",
    /9007199254740993 is not accepted/,
  ),
  space(
    "a whole number beyond 64 bits",
    [integer({ high: "99999999999999999999" })],
    "integer.high",
    /at most 64 bits/,
  ),
  space(
    "whole numbers with low above high",
    [integer({ low: 10 })],
    "integer.low",
    /at most high, which is 9/,
  ),
  space(
    "whole numbers on a logarithmic scale from 0",
    [integer({ low: 0, log: true })],
    "integer.low",
    /above 0/,
  ),
  space("a step of 0 for whole numbers", [integer({ step: 0 })], "integer.step", /0 is not accepted/),
  space("a negative step for whole numbers", [integer({ step: -3 })], "integer.step", /-3 is not accepted/),
  space("no choices", [choices()], "categorical.choices", /at least 1/),
  space(
    "a choice twice",
    [choices("a", "b", "a")],
    "categorical.choices[2]",
    /"a" is not accepted: .* not yet in the list/,
  ),
  space("0 and -0 as choices", [choices(0, -0)], "categorical.choices[1]", /not yet in the list/),
  space(
    "a list as a choice",
    [choices([1])],
    "categorical.choices[0]",
    /a list is not accepted: expected a number, a text, true, false or null/,
  ),
  space("an object as a choice", [choices({ a: 1 })], "categorical.choices[0]", /object/),
  space("1,001 choices", [choices(...Array(1_001).keys())], "categorical.choices", /no more than 1000/),
  space(
    "a parameter without a domain",
    [x({})],
    "domain",
    /is missing: expected one of real, integer, categorical/,
  ),
  space("a parameter with two domains", [{ ...real({}), ...integer({}) }], "integer", /besides real/),
  space("a parameter without a name", [{ ...real({}), name: "" }], "name", /at least 1/),
  space("a name of 129 characters", [{ ...real({}), name: "n".repeat(129) }], "name", /at most 128/),
  space("a name with NUL", [{ ...real({}), name: "a\0b" }], "name", /U\+0000/),
  space(
    "two parameters of one name",
    [real({}), real({})],
    "[1].name",
    /"x" is not accepted: .* no other parameter/,
  ),
  space(
    "257 parameters",
    Array.from({ length: 257 }, (_, i) => ({ ...real({}), name: `p${i}` })),
    "",
    /no more than 256/,
  ),
  space(
    "a default outside the domain",
    [{ ...real({}), default: 2 }],
    "default",
    /2 is not accepted: expected a number from 0 to 1/,
  ),
  space(
    "a default of another type",
    [{ ...integer({}), default: "3" }],
    "default",
    /"3" is not accepted: expected a whole number/,
  ),
  space(
    "a default off the grid",
    [{ ...integer({ step: 4 }), default: 2 }],
    "default",
    /2 is not accepted: .* steps of 4/,
  ),
  space(
    "a default that is no choice",
    [{ ...choices("a"), default: "b" }],
    "default",
    /"b" is not accepted: expected one of "a"/,
  ),
  space("a default that is an object", [{ ...real({}), default: {} }], "default", /object/),
];

const conditions: Row[] = [
  space(
    "an unknown parent",
    conditional({ parent: "c", values: ["u"] }),
    "[1].condition.parent",
    /"c" is not accepted: expected the name/,
  ),
  space(
    "a parent that is itself",
    [{ ...real({}), condition: { parent: "x", values: [1] } }],
    "condition.parent",
    /does not depend/,
  ),
  space(
    "a cycle of conditions",
    conditional({ parent: "a", values: ["u"] }, { condition: { parent: "b", values: [1] } }),
    "condition.parent",
    /"b" is not accepted: expected a parent that does not depend on it/,
  ),
  space(
    "a value that the parent does not take",
    conditional({ parent: "a", values: ["w"] }),
    "[1].condition.values[0]",
    /"w" is not accepted: expected one of "u", "v"/,
  ),
  space(
    "a condition without values",
    conditional({ parent: "a", values: [] }),
    "[1].condition.values",
    /at least 1/,
  ),
  space(
    "a condition on a list",
    conditional({ parent: "a", values: [["u"]] }),
    "[1].condition.values[0]",
    /list/,
  ),
  space("a condition without a parent", conditional({ values: ["u"] }), "[1].condition.parent", /at least 1/),
  space(
    "a condition on a real number",
    [real({}), { name: "y", real: { low: 0, high: 1 }, condition: { parent: "x", values: [0.5] } }],
    "[1].condition.parent",
    /categorical or integer/,
  ),
];

const others: Row[] = [
  study(
    "two objectives of one name",
    { objectives: [{ name: "a" }, { name: "a" }] },
    "objectives[1].name",
    /a is the name of an earlier/,
  ),
  study(
    "two objectives, one without a name",
    { objectives: [{ name: "a" }, {}] },
    "objectives[1].name",
    /is empty/,
  ),
  study(
    "nine objectives",
    { objectives: "abcdefghi".split("").map((name) => ({ name })) },
    "objectives",
    /no more than 8/,
  ),
  study(
    "a goal that does not exist",
    { objectives: [{ goal: "UP" }] },
    "objectives[0].goal",
    /"UP" .* GOAL_MAXIMIZE/,
  ),
  study(
    "a goal's number that does not exist",
    { objectives: [{ goal: 7 }] },
    "objectives[0].goal",
    /7 .* GOAL_MAXIMIZE/,
  ),
  study(
    "a constraint without a metric",
    { constraints: [{ upper: 1 }] },
    "constraints[0].metric",
    /at least 1/,
  ),
  study(
    "a constraint that is NaN",
    { constraints: [{ metric: "m", upper: "NaN" }] },
    "constraints[0].upper",
    /finite/,
  ),
  study(
    "a metric constrained twice",
    { constraints: [{ metric: "m" }, { metric: "m" }] },
    "constraints[1].metric",
    /m has a constraint/,
  ),
  study(
    "a linear constraint without terms",
    { linearConstraints: [{ upper: 1 }] },
    "linear_constraints[0].terms",
    /at least 1/,
  ),
  study(
    "a linear constraint on an unknown parameter",
    { linearConstraints: [{ terms: [{ parameter: "y", coefficient: 1 }], upper: 1 }] },
    "linear_constraints[0].terms[0].parameter",
    /"y" is not accepted: expected the name of a parameter/,
  ),
  study(
    "a linear constraint with a coefficient of 0",
    { linearConstraints: [{ terms: [{ parameter: "x" }], upper: 1 }] },
    "linear_constraints[0].terms[0].coefficient",
    /0 is not accepted/,
  ),
  study(
    "a linear constraint with an endless bound",
    { linearConstraints: [{ terms: [{ parameter: "x", coefficient: 1 }], upper: "Infinity" }] },
    "linear_constraints[0].upper",
    /Infinity is not accepted/,
  ),
  study(
    "linear constraints that exclude each other",
    {
      linearConstraints: [
        { terms: [{ parameter: "x", coefficient: 1 }], upper: 0.4 },
        { terms: [{ parameter: "x", coefficient: -1 }], upper: -0.5 },
      ],
    },
    "linear_constraints",
    /x ≤ 0.4, −x ≤ -0.5 is not accepted: expected constraints that some point of the space keeps/,
  ),
  study(
    "33 linear constraints",
    {
      linearConstraints: Array.from({ length: 33 }, () => ({
        terms: [{ parameter: "x", coefficient: 1 }],
        upper: 1,
      })),
    },
    "linear_constraints",
    /no more than 32/,
  ),
  study(
    "17 constraints",
    { constraints: [...Array(17).keys()].map((i) => ({ metric: `m${i}` })) },
    "constraints",
    /no more than 16/,
  ),
  study("no trials at all", { maxTrials: 0 }, "max_trials", /0 is not accepted/),
  study("fewer than no trials", { maxTrials: -1 }, "max_trials", /-1 is not accepted/),
  study("too many trials", { maxTrials: 10_000_001 }, "max_trials", /10000001 is not accepted: .* 10000000/),
  study("more trials than 32 bits count", { maxTrials: 1e10 }, "max_trials", /10000000000 is not accepted/),
  study("half a trial", { maxTrials: 1.5 }, "max_trials", /1.5 is not accepted: expected a whole number/),
  study("trials as text", { maxTrials: "many" }, "max_trials", /"many" is not accepted/),
  study("trials as a list", { maxTrials: [20] }, "max_trials", /a list is not accepted/),
  study("no running trials", { maxRunning: 0 }, "max_running", /0 is not accepted/),
  study("a negative duration", { maxDuration: "-1s" }, "max_duration", /-1s is not accepted/),
  study("an enormous duration", { maxDuration: "315360001s" }, "max_duration", /315360001s is not accepted/),
  study(
    "a duration beyond what a duration can say",
    { maxDuration: "315576000001s" },
    "max_duration",
    /315576000001s/,
  ),
  study(
    "a duration in hours",
    { maxDuration: "1h" },
    "max_duration",
    /"1h" is not accepted: expected seconds as text/,
  ),
  study(
    "a duration as a number",
    { maxDuration: 60 },
    "max_duration",
    /60 is not accepted: expected seconds as text/,
  ),
  study("a lease of no time", { leaseDuration: "0s" }, "lease_duration", /0s is not accepted/),
  study(
    "a lease of more than 30 days",
    { leaseDuration: "2592001s" },
    "lease_duration",
    /2592001s is not accepted/,
  ),
  study("a target that is NaN", { targetValue: "NaN" }, "target_value", /NaN is not accepted/),
  study(
    "patience with two objectives",
    { objectives: [{ name: "a" }, { name: "b" }], patience: 3 },
    "patience",
    /single objective/,
  ),
  study("a failure rate above 1", { maxFailureRate: 1.1 }, "max_failure_rate", /1.1 is not accepted/),
  study("a failure rate of 0", { maxFailureRate: 0 }, "max_failure_rate", /0 is not accepted/),
  study("a negative seed", { seed: -1 }, "seed", /-1 is not accepted: expected a whole number from 0/),
  study("a seed beyond 32 bits", { seed: 2 ** 32 }, "seed", /4294967296 is not accepted/),
  study(
    "a sampler that does not exist",
    { sampler: { oracle: {} } },
    "sampler.oracle",
    /the fields are: auto, random, tpe/,
  ),
  study("two samplers", { sampler: { random: {}, tpe: {} } }, "sampler.tpe", /besides random/),
  study(
    "a sampler without candidates",
    { sampler: { tpe: { candidates: 0 } } },
    "sampler.tpe.candidates",
    /0 is not accepted/,
  ),
  study("a label without a name", { labels: { "": "a" } }, 'labels[""]', /"" is not accepted/),
  study("a label of 256 characters", { labels: { a: "b".repeat(256) } }, 'labels["a"]', /at most 255/),
  study(
    "a label that is a number",
    { labels: { a: 1 } },
    'labels["a"]',
    /1 is not accepted: expected a text/,
  ),
  study(
    "65 labels",
    { labels: Object.fromEntries([...Array(65).keys()].map((i) => [`l${i}`, ""])) },
    "labels",
    /at most 64/,
  ),
  study("attributes that are a list", { attributes: [] }, "attributes", /expected an object/),
  study(
    "attributes above 64 KiB",
    { attributes: { a: "b".repeat(70_000) } },
    "attributes",
    /70008 bytes as JSON: expected at most 65536/,
  ),
  study("attributes with NUL", { attributes: { a: [{ b: "\0" }] } }, "attributes.a[0].b", /U\+0000/),
  study("attributes with half a character", { attributes: { a: "\ud800" } }, "attributes.a", /surrogate/),
  study(
    "a display name with half a character",
    { displayName: "a\udc00" },
    "display_name",
    /well-formed Unicode/,
  ),
  study("a display name with NUL", { displayName: "\0" }, "display_name", /U\+0000/),
  study("a display name of 201 characters", { displayName: "n".repeat(201) }, "display_name", /at most 200/),
  study("a note of 65,537 characters", { note: "n".repeat(65_537) }, "note", /at most 65536/),
  study(
    "a study without parameters that allows one try",
    { parameters: [] },
    "replicates",
    /without parameters/,
  ),
  study(
    "a field that does not exist",
    { maxTrails: 5 },
    "maxTrails",
    /is no field here; the fields are: .*maxTrials/,
  ),
  study("a field in both its spellings", { maxTrials: 1, max_trials: 1 }, "max_trials", /given twice/),
];

const names: Row[] = [
  row("a request without a study", create, {}, { field: "study", message: /study: is missing/ }),
  row(
    "a study id that begins with a dash",
    create,
    { studyId: "-a", study: {} },
    { field: "study_id", message: /"-a" is not accepted/ },
  ),
  row(
    "a study id with a slash",
    create,
    { studyId: "a/b", study: {} },
    { field: "study_id", message: /"a\/b" is not accepted/ },
  ),
  row(
    "a study id of 64 characters",
    create,
    { studyId: "a".repeat(64), study: {} },
    { field: "study_id", message: /at most 63/ },
  ),
  row(
    "a project's name without its prefix",
    create,
    { parent: "default", study: { parameters: [real({})] } },
    { field: "parent", message: /"default" is no project: expected projects\/\{project\}/ },
  ),
  row(
    "another project",
    create,
    { parent: "projects/other", study: { parameters: [real({})] } },
    { code: "not_found", reason: "PROJECT_NOT_FOUND", message: /no project "other"; its own is "default"/ },
  ),
  row(
    "a study that exists",
    create,
    { studyId: "good", study: { parameters: [real({})] } },
    { code: "already_exists", reason: "STUDY_EXISTS", message: /"good"/ },
  ),
  row(
    "a study that exists with another space",
    create,
    { studyId: "good", allowExisting: true, study: { parameters: [real({})] } },
    { code: "failed_precondition", reason: "SPACE_MISMATCH", message: /parameters/ },
  ),
  row("an empty name", "StudyService/GetStudy", {}, { field: "study", message: /at least 1/ }),
  row(
    "an unknown study",
    "StudyService/GetStudy",
    { study: "nowhere" },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /no study "nowhere"/ },
  ),
  row(
    "a study of another project",
    "StudyService/GetStudy",
    { study: "projects/other/studies/good" },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /no project "other"/ },
  ),
  row(
    "a path that climbs",
    "StudyService/GetStudy",
    { study: "../good" },
    { field: "study", message: /"..\/good" is no study/ },
  ),
  row(
    "a name that is code",
    "StudyService/GetStudy",
    { study: "good'; drop table study; --" },
    { field: "study", message: /is no study/ },
  ),
  row(
    "a name of 201 characters",
    "StudyService/GetStudy",
    { study: "a".repeat(201) },
    { field: "study", message: /at most 200/ },
  ),
  row(
    "a name that is a number",
    "StudyService/GetStudy",
    { study: 7 },
    { field: "study", message: /7 is not accepted: expected a text/ },
  ),
  row(
    "deleting what does not exist",
    "StudyService/DeleteStudy",
    { study: "nowhere" },
    { code: "not_found", message: /"nowhere"/ },
  ),
  row(
    "deleting a study with trials",
    "StudyService/DeleteStudy",
    { study: "good" },
    { code: "failed_precondition", reason: "STUDY_NOT_EMPTY", message: /force/ },
  ),
  row(
    "pausing a finished study",
    "StudyService/PauseStudy",
    { study: "done" },
    { code: "failed_precondition", reason: "STUDY_FINISHED", message: /finished/ },
  ),
];

const update = "StudyService/UpdateStudy";
const updates: Row[] = [
  row(
    "an update without a mask",
    update,
    { study: { name: "good" } },
    { field: "update_mask", message: /is missing/ },
  ),
  row(
    "an update of nothing",
    update,
    { study: { name: "good" }, updateMask: "" },
    { field: "update_mask", message: /names no field: expected some of display_name/ },
  ),
  row(
    "an update of what cannot change",
    update,
    { study: { name: "good" }, updateMask: "parameters" },
    { field: "update_mask", message: /"parameters" cannot be changed/ },
  ),
  row(
    "an update of what does not exist",
    update,
    { study: { name: "good" }, updateMask: "maxTrails" },
    { field: "update_mask", message: /"max_trails" cannot be changed/ },
  ),
  row(
    "an update of what every object has",
    update,
    { study: { name: "good" }, updateMask: "constructor" },
    { field: "update_mask", message: /"constructor" cannot be changed/ },
  ),
  row(
    "a mask in the protos' spelling",
    update,
    { study: { name: "good" }, updateMask: "max_trials" },
    { field: "update_mask", message: /lowerCamelCase/ },
  ),
  row(
    "an update of nobody",
    update,
    { study: {}, updateMask: "note" },
    { field: "study.name", message: /"" is no study/ },
  ),
  row(
    "an etag that was never one",
    update,
    { study: { name: "good", etag: "new" }, updateMask: "note" },
    { code: "aborted", reason: "ETAG_MISMATCH", message: /"new" is no etag/ },
  ),
  row(
    "an etag of another time",
    update,
    { study: { name: "good", etag: "99" }, updateMask: "note" },
    { code: "aborted", reason: "ETAG_MISMATCH", message: /has changed/ },
  ),
  row(
    "a name of a megabyte",
    update,
    { study: { name: "a".repeat(1_000_000) }, updateMask: "note" },
    { field: "study.name", message: /^study.name: "a+… is no study: expected/ },
  ),
];

/** Malformed requests about studies. */
export const studyRows: readonly Row[] = [...domains, ...conditions, ...others, ...names, ...updates];
