import type { Principal } from "../identity/index.ts";
import type { StudyRef } from "../studies/directory.ts";
import { StudyError, invalid } from "../studies/errors.ts";
import { quote } from "./quote.ts";

/** Names of projects and studies: letters, digits, `.`, `_`, `-`, beginning with a letter or digit. */
const part = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
const studyPattern = new RegExp(`^(?:projects/(${part})/studies/)?(${part})$`);
const trialPattern = new RegExp(`^(.*)/trials/(0|[1-9]\\d{0,9})$`);
const projectPattern = new RegExp(`^projects/(${part})$`);
const tokenPattern = new RegExp(`^projects/(${part})/tokens/([1-9]\\d{0,14})$`);

const maxNumber = 2 ** 31 - 1;

/** Refuses a project other than the caller's: whether it exists is nobody else's business. */
function checkProject(name: string | undefined, caller: Principal): void {
  if (name === undefined || name === caller.project.name) return;
  throw new StudyError(
    "STUDY_NOT_FOUND",
    `this token sees no project ${quote(name)}; its own is ${JSON.stringify(caller.project.name)}`,
  );
}

/**
 * The study that a request names, as `projects/{project}/studies/{study}` or `{study}`.
 *
 * @throws StudyError INVALID_REQUEST if it is no such name, STUDY_NOT_FOUND if it lies in another project
 */
export function studyRef(name: string, field: string, caller: Principal): StudyRef {
  const match = studyPattern.exec(name);
  if (match?.[2] === undefined) {
    const description = `${quote(name)} is no study: expected projects/{project}/studies/{study} or {study}`;
    throw invalid([{ field, description }]);
  }
  checkProject(match[1], caller);
  return { projectId: caller.project.id, name: match[2] };
}

/** The trial that a request names, as `projects/{project}/studies/{study}/trials/{number}` or `{study}/trials/{number}`. */
export function trialRef(name: string, field: string, caller: Principal): { ref: StudyRef; number: number } {
  const match = trialPattern.exec(name);
  const number = Number(match?.[2]);
  if (match?.[1] === undefined || !(number <= maxNumber)) {
    const description = `${quote(name)} is no trial: expected projects/{project}/studies/{study}/trials/{number} or {study}/trials/{number}`;
    throw invalid([{ field, description }]);
  }
  return { ref: studyRef(match[1], field, caller), number };
}

/** The project that a request names as `projects/{project}`; the caller's own when it names none. */
export function projectId(name: string, field: string, caller: Principal): number {
  if (name === "") return caller.project.id;
  const match = projectPattern.exec(name);
  if (match === null)
    throw invalid([{ field, description: `${quote(name)} is no project: expected projects/{project}` }]);
  checkProject(match[1], caller);
  return caller.project.id;
}

/** The token that a request names, by its number in the caller's project. */
export function tokenId(name: string, field: string, caller: Principal): number {
  const match = tokenPattern.exec(name);
  if (match === null) {
    throw invalid([
      {
        field,
        description: `${quote(name)} is no token: expected projects/{project}/tokens/{token}`,
      },
    ]);
  }
  checkProject(match[1], caller);
  return Number(match[2]);
}

export const studyName = (project: string, study: string): string => `projects/${project}/studies/${study}`;

export const trialName = (project: string, study: string, number: number): string =>
  `${studyName(project, study)}/trials/${number}`;

export const tokenName = (project: string, id: number): string => `projects/${project}/tokens/${id}`;
