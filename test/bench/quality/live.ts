import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Domain, Parameter, Params } from "../../../server/src/optimizer/space/parameter.ts";
import { LOSS, type Problem } from "./problem.ts";

/** Trainings as users run them, on the data sets that scikit-learn brings. */
const TRAININGS: readonly {
  readonly model: string;
  readonly data: readonly string[];
  readonly space: Space;
}[] = [
  {
    model: "svc",
    data: ["wine", "breast-cancer"],
    space: { C: real(1e-3, 1e3, true), gamma: real(1e-5, 1, true), kernel: choice("rbf", "sigmoid", "poly") },
  },
  {
    model: "mlp",
    data: ["digits"],
    space: {
      learning_rate_init: real(1e-5, 1e-1, true),
      alpha: real(1e-6, 1, true),
      width: integer(4, 128, true),
      depth: integer(1, 3),
      activation: choice("relu", "tanh", "logistic"),
    },
  },
  {
    model: "forest",
    data: ["breast-cancer", "digits"],
    space: {
      max_depth: integer(1, 20),
      min_samples_leaf: integer(1, 30, true),
      max_features: real(0.05, 1),
      criterion: choice("gini", "entropy"),
    },
  },
  {
    model: "boosting",
    data: ["diabetes"],
    space: {
      learning_rate: real(1e-3, 1, true),
      n_estimators: integer(10, 200, true),
      max_depth: integer(1, 6),
      subsample: real(0.3, 1),
      min_samples_leaf: integer(1, 50, true),
    },
  },
];

type Space = Readonly<Record<string, Domain>>;

function real(low: number, high: number, log = false): Domain {
  return { kind: "real", low, high, log, step: undefined };
}
function integer(low: number, high: number, log = false): Domain {
  return { kind: "integer", low, high, log, step: 1 };
}
function choice(...choices: readonly string[]): Domain {
  return { kind: "categorical", choices, ordered: false };
}

/** The trainings, if SKLEARN_PYTHON names a Python that has scikit-learn; says so otherwise. */
export function liveTrainings(): Problem[] {
  const python = process.env["SKLEARN_PYTHON"];
  if (python === undefined || spawnSync(python, ["-c", "import sklearn"]).status !== 0) {
    console.log("No live trainings: SKLEARN_PYTHON names no Python with scikit-learn.");
    return [];
  }
  let train: ReturnType<typeof openTrainer> | undefined;
  return TRAININGS.flatMap(({ model, data, space }) =>
    data.map((name): Problem => {
      const parameters = Object.entries(space).map(([own, domain]): Parameter => ({
        name: own,
        domain,
        condition: undefined,
        default: undefined,
      }));
      const known = new Map<string, number>();
      return {
        name: `${model}-${name}`,
        family: "live",
        instance: () => ({
          parameters,
          objectives: LOSS,
          optimum: undefined,
          reference: undefined,
          randomTries: 5,
          evaluate(params) {
            const key = JSON.stringify(Object.entries(params));
            train ??= openTrainer(python);
            const loss = known.get(key) ?? train(model, name, params);
            known.set(key, loss);
            return { values: [loss], constraint: undefined, truth: [loss] };
          },
        }),
      };
    }),
  );
}

/** A Python process that trains when it is asked to; it ends with this one. Waits for the answer, as an instance must. */
function openTrainer(python: string): (model: string, data: string, params: Params) => number {
  const folder = mkdtempSync(join(tmpdir(), "asktell-live-"));
  const [asking, answering] = [join(folder, "asking"), join(folder, "answering")];
  execFileSync("mkfifo", [asking, answering]);
  const script = fileURLToPath(new URL("sklearn_driver.py", import.meta.url));
  const shell = `exec "$0" "$1" < "$2" > "$3"`;
  const child = spawn("sh", ["-c", shell, python, script, asking, answering], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  child.unref();
  const requests = openSync(asking, "w");
  const answers = openSync(answering, "r");
  rmSync(folder, { recursive: true });
  process.once("exit", () => closeSync(requests));
  const bytes = Buffer.alloc(256);
  return (model, data, params) => {
    writeSync(requests, `${JSON.stringify({ model, data, params })}\n`);
    let line = "";
    while (!line.endsWith("\n")) {
      const read = readSync(answers, bytes);
      if (read === 0) throw new Error(`${script} ended`);
      line += bytes.toString("utf8", 0, read);
    }
    const { loss } = JSON.parse(line) as { loss: number | null }; // as the script states
    return loss ?? 1e3; // far above any loss that a training has
  };
}
