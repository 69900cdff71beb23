import { type ProjectKey, ProjectNotFoundError, authorize } from "../identity/index.ts";
import type { StudyRef } from "../studies/directory.ts";
import { StudyError, invalid } from "../studies/errors.ts";
import type { Caller } from "./gate.ts";
import { quote } from "./quote.ts";

/*
 * Names of requests become keys of the database here, and nowhere else, and only for callers who may do there what the call does: a
 * method cannot act on what it has not resolved.
 */

/** Names of projects and studies: letters, digits, `.`, `_`, `-`, beginning with a letter or digit. */
const part = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
const studyPattern = new RegExp(`^(?:projects/(${part})/studies/)?(${part})$`);
const trialPattern = new RegExp(`^(.*)/trials/(0|[1-9]\\d{0,9})$`);
const projectPattern = new RegExp(`^projects/(${part})$`);
const tokenPattern = new RegExp(`^projects/(${part})/tokens/([1-9]\\d{0,14})$`);
const memberPattern = new RegExp(`^projects/(${part})/members/([1-9]\\d{0,14})$`);

const maxNumber = 2 ** 31 - 1;

/** A study as use cases find it and as answers name it. */
export interface NamedStudy extends StudyRef {
  readonly projectName: string;
}

/**
 * The study that a request names, as `projects/{project}/studies/{study}` or `{study}`.
 *
 * @throws StudyError INVALID_REQUEST if it is no such name, STUDY_NOT_FOUND if it is none that the caller may know of; PermissionError
 */
export function studyRef(name: string, field: string, { principal, need }: Caller): NamedStudy {
  const match = studyPattern.exec(name);
  if (match?.[2] === undefined) {
    const description = `${quote(name)} is no study: expected projects/{project}/studies/{study} or {study}`;
    throw invalid([{ field, description }]);
  }
  try {
    const { project } = authorize(principal, match[1], match[2], need);
    return { projectId: project.id, projectName: project.name, name: match[2] };
  } catch (error) {
    throw error instanceof ProjectNotFoundError ? new StudyError("STUDY_NOT_FOUND", error.message) : error;
  }
}

/** The trial that a request names, as `projects/{project}/studies/{study}/trials/{number}` or `{study}/trials/{number}`. */
export function trialRef(name: string, field: string, caller: Caller): { ref: NamedStudy; number: number } {
  const match = trialPattern.exec(name);
  const number = Number(match?.[2]);
  if (match?.[1] === undefined || !(number <= maxNumber)) {
    const description = `${quote(name)} is no trial: expected projects/{project}/studies/{study}/trials/{number} or {study}/trials/{number}`;
    throw invalid([{ field, description }]);
  }
  return { ref: studyRef(match[1], field, caller), number };
}

/**
 * The project that a request names as `projects/{project}`; the caller's own when it names none.
 *
 * @throws StudyError INVALID_REQUEST if it is no such name, ProjectNotFoundError, PermissionError
 */
export function projectRef(name: string, field: string, { principal, need }: Caller): ProjectKey {
  if (name === "") return authorize(principal, undefined, undefined, need).project;
  const match = projectPattern.exec(name);
  if (match === null)
    throw invalid([{ field, description: `${quote(name)} is no project: expected projects/{project}` }]);
  return authorize(principal, match[1], undefined, need).project;
}

/** The token that a request names, by its number in its project. */
export function tokenRef(name: string, field: string, caller: Caller): { project: ProjectKey; id: number } {
  return numbered(tokenPattern, "token", name, field, caller);
}

/** The member that a request names, by the user's number. */
export function memberRef(name: string, field: string, caller: Caller): { project: ProjectKey; id: number } {
  return numbered(memberPattern, "member", name, field, caller);
}

function numbered(pattern: RegExp, kind: string, name: string, field: string, { principal, need }: Caller) {
  const match = pattern.exec(name);
  if (match === null) {
    const description = `${quote(name)} is no ${kind}: expected projects/{project}/${kind}s/{${kind}}`;
    throw invalid([{ field, description }]);
  }
  return { project: authorize(principal, match[1], undefined, need).project, id: Number(match[2]) };
}

export const projectName = (project: string): string => `projects/${project}`;

export const studyName = (project: string, study: string): string => `projects/${project}/studies/${study}`;

export const trialName = (project: string, study: string, number: number): string =>
  `${studyName(project, study)}/trials/${number}`;

export const tokenName = (project: string, id: number): string => `projects/${project}/tokens/${id}`;

export const memberName = (project: string, id: number): string => `projects/${project}/members/${id}`;
