import type { RunningServer } from "./start-server.ts";
import { version } from "./version.ts";

/** What a server says on standard output once it is ready. */
export function banner({
  url,
  place,
  hasDashboard,
}: Pick<RunningServer, "url" | "place" | "hasDashboard">): string {
  return [
    `asktell ${version} is ready at ${url}`,
    hasDashboard ? `  dashboard  ${url}/` : undefined,
    `  data       ${place}`,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

/**
 * A link that signs a browser in, and what to know about it.
 *
 * @param flags what `login-link` must be told to find this server
 */
export function signInLink(url: string, code: string, flags: string): string {
  return [
    `  sign in    ${url}/#login=${code}`,
    `             works once, within ten minutes; another: npx asktell login-link${flags}`,
  ].join("\n");
}

/**
 * What it says besides at its very first start: with this a newcomer has a study in a minute.
 *
 * @param flags what `token create` must be told to find the server's data
 */
export function firstSteps(url: string, secret: string, flags: string): string {
  const study = {
    studyId: "first",
    allowExisting: true,
    study: {
      maxTrials: 20,
      objectives: [{ name: "loss" }],
      parameters: [{ name: "lr", real: { low: 1e-5, high: 0.1, log: true } }],
    },
  };
  const call = `curl -sS ${url}/asktell.v1.StudyService/CreateStudy -H 'Authorization: Bearer ${secret}'`;
  const body = `-H 'Content-Type: application/json' -d '${JSON.stringify(study)}'`;
  return [
    "",
    `This is its first start. Your token may do everything, for a year, and is shown this once (others: npx asktell token create --name NAME${flags}):`,
    "",
    `  ${secret}`,
    "",
    "Your first study:",
    "",
    `  ${call} ${body}`,
    "",
  ].join("\n");
}
