import type { MigrationObject } from "@mikro-orm/core";
import { First } from "./001-first.ts";
import { Sessions } from "./002-sessions.ts";
import { Projects } from "./003-projects.ts";
import { FormerPoints } from "./004-former-points.ts";
import { Sources } from "./005-sources.ts";
import { Expectations } from "./006-expectations.ts";
import { CurveParts } from "./007-curve-parts.ts";
import { ChangeLog } from "./008-change-log.ts";
import { AskedLeases } from "./009-asked-leases.ts";

/**
 * Every migration, oldest first, listed rather than found: a bundle has no folder to look in. A released migration never
 * changes, and each leaves the schema fit for the replicas of the release before (expand first, contract a release later).
 */
export const migrations: MigrationObject[] = [
  { name: "001-first", class: First },
  { name: "002-sessions", class: Sessions },
  { name: "003-projects", class: Projects },
  { name: "004-former-points", class: FormerPoints },
  { name: "005-sources", class: Sources },
  { name: "006-expectations", class: Expectations },
  { name: "007-curve-parts", class: CurveParts },
  { name: "008-change-log", class: ChangeLog },
  { name: "009-asked-leases", class: AskedLeases },
];
