import { StudyError, invalid } from "./errors.ts";

/**
 * A lease token is `{number}-{attempt}-{study}`: the attempt is the fence that every write is held against, the number catches a worker
 * that mixes its trials up, and the study, by its id in the database, one that has outlived its study and would tell another one that has
 * got the same name. It is no secret: the API token is.
 *
 * @param studyId - undefined where whoever acts has the trial from its study at this moment
 */
export function leaseToken(number: number, attempt: number, studyId?: number): string {
  const token = `${number}-${attempt}`;
  return studyId === undefined ? token : `${token}-${studyId.toString(36)}`;
}

/**
 * The attempt that a worker's token names; undefined when it sent none.
 *
 * @throws StudyError INVALID_REQUEST if it is no token of this trial, TRIAL_NOT_FOUND if it is one of another study
 */
export function attemptOf(
  token: string,
  number: number,
  study: { id: number; name: string },
): number | undefined {
  if (token === "") return undefined;
  const match = /^(\d{1,10})-(\d{1,9})(?:-([0-9a-z]{1,11}))?$/.exec(token);
  if (match === null || Number(match[1]) !== number) {
    throw invalid([
      {
        field: "lease_token",
        description: `${JSON.stringify(token)} is not a token of trial ${number}: send the one that AskTrials answered`,
      },
    ]);
  }
  if (match[3] !== undefined && match[3] !== study.id.toString(36)) {
    throw new StudyError(
      "TRIAL_NOT_FOUND",
      `lease_token ${JSON.stringify(token)} is not of the study ${JSON.stringify(study.name)} that there is now, but of another one, perhaps of that name before it was deleted: ask for a trial of this one`,
    );
  }
  return Number(match[2]);
}
