import { type InferEntity, defineEntity, p } from "@mikro-orm/core";
import { AppUser } from "./app-user.ts";
import { Project } from "./project.ts";

/** What a person may do in a project. The widest of a person's rows counts. */
export const ProjectMember = defineEntity({
  name: "ProjectMember",
  tableName: "project_member",
  checks: [
    { name: "project_member_source_check", expression: "(source >= 1) AND (source <= 2)" },
    { name: "project_member_role_check", expression: "(role >= 1) AND (role <= 4)" },
  ],
  properties: {
    project: () => p.manyToOne(Project).primary().deleteRule("cascade"),
    user: () => p.manyToOne(AppUser).primary().deleteRule("cascade").index(),
    /** 1 given by an admin, 2 by a group of the identity provider. */
    source: p.smallint().primary(),
    /** 1 viewer, 2 worker, 3 editor, 4 admin, as in asktell.v1.Role. */
    role: p.smallint(),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type ProjectMember = InferEntity<typeof ProjectMember>;
