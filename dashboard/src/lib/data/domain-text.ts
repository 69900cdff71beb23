import type { JsonValue } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Parameter } from "@asktell/proto/asktell/v1/study_pb";
import { formatParameter, formatValue } from "../format.ts";

/** The values that a parameter takes, in words: "1e-5 … 0.1, log", "8 … 64, step 8", "relu, tanh". */
export function domainText({ domain }: Pick<Parameter, "domain">): string {
  if (domain.case === undefined) return "–";
  if (domain.case === "categorical")
    return domain.value.choices.map((choice) => formatParameter(toJson(ValueSchema, choice))).join(", ");
  const { low, high, log, step } = domain.value;
  const isEven = step === undefined || (domain.case === "integer" && step === 1n);
  return `${formatValue(Number(low))} … ${formatValue(Number(high))}${log ? ", log" : ""}${
    isEven ? "" : `, step ${formatValue(Number(step))}`
  }`;
}

/** When a parameter exists, in words: "if model is mlp or tree"; undefined: always. */
export function conditionText({ condition }: Partial<Pick<Parameter, "condition">>): string | undefined {
  if (condition === undefined) return undefined;
  const values = condition.values.map((value): JsonValue => toJson(ValueSchema, value)).map(formatParameter);
  const last = values.at(-1) ?? "";
  const list = values.length < 2 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
  return `if ${condition.parent} is ${list}`;
}
