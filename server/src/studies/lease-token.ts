import { invalid } from "./errors.ts";

/**
 * A lease token is `{number}-{attempt}`: the attempt is the fence that every write is held against, and the number catches
 * a worker that mixes its trials up. It is no secret: the API token is.
 */
export function leaseToken(number: number, attempt: number): string {
  return `${number}-${attempt}`;
}

/**
 * The attempt that a worker's token names; undefined when it sent none.
 *
 * @throws StudyError INVALID_REQUEST if it is no token of this trial
 */
export function attemptOf(token: string, number: number): number | undefined {
  if (token === "") return undefined;
  const match = /^(\d{1,10})-(\d{1,9})$/.exec(token);
  if (match === null || Number(match[1]) !== number) {
    throw invalid([
      {
        field: "lease_token",
        description: `${JSON.stringify(token)} is not a token of trial ${number}: send the one that AskTrials answered`,
      },
    ]);
  }
  return Number(match[2]);
}
