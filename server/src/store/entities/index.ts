import { ApiToken } from "./api-token.ts";
import { AppUser } from "./app-user.ts";
import { DeletedStudy } from "./deleted-study.ts";
import { Intermediate } from "./intermediate.ts";
import { LateObservation } from "./late-observation.ts";
import { Project } from "./project.ts";
import { Request } from "./request.ts";
import { Running } from "./running.ts";
import { StudyClock } from "./study-clock.ts";
import { Study, StudySpec } from "./study.ts";
import { Trial } from "./trial.ts";

/** Every table of the store. */
export const entities = [
  Project,
  AppUser,
  ApiToken,
  Study,
  StudySpec,
  StudyClock,
  Trial,
  Running,
  Intermediate,
  Request,
  LateObservation,
  DeletedStudy,
];

export {
  ApiToken,
  AppUser,
  DeletedStudy,
  Intermediate,
  LateObservation,
  Project,
  Request,
  Running,
  Study,
  StudyClock,
  StudySpec,
  Trial,
};
