import {
  PrunerSpecSchema,
  SamplerSpecSchema,
  type PrunerSpec,
  type SamplerSpec,
} from "@asktell/proto/asktell/v1/study_pb";

/** Every sampler that the API knows, by its field in SamplerSpec. */
export type SamplerName = NonNullable<SamplerSpec["sampler"]["case"]>;

/** Every pruner that the API knows, by its field in PrunerSpec. */
export type PrunerName = NonNullable<PrunerSpec["pruner"]["case"]>;

/** One of them, and what people call it. */
export interface AlgorithmName<T> {
  readonly value: T;
  readonly label: string;
}

// Read from the API's own description, so that a new sampler is on offer without a change here.
const labels: Readonly<Record<string, string>> = {
  auto: "Automatic",
  tpe: "TPE",
  gp: "Gaussian process",
  gpUcbPe: "GP, UCB-PE",
  cmaEs: "CMA-ES",
  nsga2: "NSGA-II",
  nsga3: "NSGA-III",
  asha: "ASHA",
  pasha: "PASHA",
};

function named<T extends string>(
  schema: typeof SamplerSpecSchema | typeof PrunerSpecSchema,
): readonly AlgorithmName<T>[] {
  return (schema.oneofs[0]?.fields ?? []).map(({ localName }) => ({
    value: localName as T,
    label: labels[localName] ?? localName.charAt(0).toUpperCase() + localName.slice(1),
  }));
}

/** The samplers on offer. */
export const samplers: readonly AlgorithmName<SamplerName>[] = named(SamplerSpecSchema);

/** The pruners on offer. */
export const pruners: readonly AlgorithmName<PrunerName>[] = named(PrunerSpecSchema);
