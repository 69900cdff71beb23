import { ApiToken } from "./api-token.ts";
import { AppUser } from "./app-user.ts";
import { AuditEntry } from "./audit-entry.ts";
import { ChangeLog } from "./change-log.ts";
import { CurvePart } from "./curve-part.ts";
import { DeletedStudy } from "./deleted-study.ts";
import { LateObservation } from "./late-observation.ts";
import { LoginAttempt } from "./login-attempt.ts";
import { LoginLink } from "./login-link.ts";
import { Project } from "./project.ts";
import { ProjectMember } from "./project-member.ts";
import { Request } from "./request.ts";
import { Running } from "./running.ts";
import { Session } from "./session.ts";
import { StudyClock } from "./study-clock.ts";
import { StudySource } from "./study-source.ts";
import { Study, StudySpec } from "./study.ts";
import { Trial } from "./trial.ts";

/** Every table of the store. */
export const entities = [
  AppUser,
  Project,
  ProjectMember,
  ApiToken,
  Session,
  LoginAttempt,
  LoginLink,
  AuditEntry,
  Study,
  StudySpec,
  StudyClock,
  StudySource,
  Trial,
  ChangeLog,
  Running,
  CurvePart,
  Request,
  LateObservation,
  DeletedStudy,
];

export { AppUser, Project, Session };
