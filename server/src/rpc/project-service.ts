import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Role as WireRole } from "@asktell/proto/asktell/v1/access_pb";
import {
  AuditEntrySchema,
  MemberSchema,
  ProjectSchema,
  type AuditEntry as WireAuditEntry,
  type Member as WireMember,
  type Project as WireProject,
  type ProjectService,
} from "@asktell/proto/asktell/v1/project_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type AuditEntry,
  type Identity,
  type Member,
  type Principal,
  type Role,
  roleFor,
  roleNumber,
  roleOf,
} from "../identity/index.ts";
import type { Project } from "../identity/index.ts";
import { invalid } from "../studies/errors.ts";
import { callerOf } from "./gate.ts";
import { memberName, memberRef, projectName, projectRef } from "./names.ts";
import { quote } from "./quote.ts";

/** The ProjectService over identity's use cases. */
export function createProjectService(identity: Identity): ServiceImpl<typeof ProjectService> {
  return {
    async createProject({ projectId, project }, context) {
      const { principal } = callerOf(context);
      const made = await identity.createProject({
        name: projectId,
        displayName: project?.displayName ?? "",
        adminId: principal.actor.id,
      });
      return { project: wireProject(made, WireRole.ADMIN) };
    },

    async getProject(request, context) {
      const caller = callerOf(context);
      const { name } = projectRef(request.name, "name", caller);
      return { project: wireProject(await identity.getProject(name), roleIn(caller.principal, name)) };
    },

    async listProjects(page, context) {
      const { principal } = callerOf(context);
      // Whoever may see one study only is no member of its project.
      const whole = [...principal.access.values()].filter(({ study }) => study === undefined);
      const ids = whole.map(({ project }) => project.id);
      const { projects, nextPageToken } = await identity.listProjects(ids, page);
      return {
        projects: projects.map((project) => wireProject(project, roleIn(principal, project.name))),
        nextPageToken,
      };
    },

    async updateProject(request, context) {
      const caller = callerOf(context);
      const { name } = projectRef(request.project?.name ?? "", "project.name", caller);
      const mask = request.updateMask?.paths ?? [];
      if (mask.length !== 1 || mask[0] !== "display_name") {
        throw invalid([
          { field: "update_mask", description: `is ${quote(mask.join(","))}: expected display_name` },
        ]);
      }
      const project = await identity.renameProject(name, request.project?.displayName ?? "");
      return { project: wireProject(project, roleIn(caller.principal, name)) };
    },

    async deleteProject(request, context) {
      await identity.deleteProject(projectRef(request.name, "name", callerOf(context)).name);
      return {};
    },

    async listMembers(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const { pageSize, pageToken } = request;
      const { members, nextPageToken } = await identity.listMembers({
        projectId: project.id,
        pageSize,
        pageToken,
      });
      return { members: members.map((member) => wireMember(project.name, member)), nextPageToken };
    },

    async addMember(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const member = await identity.addMember(project.id, request.user, roleOf(request.role));
      return { member: wireMember(project.name, member) };
    },

    async updateMember(request, context) {
      const { project, id } = memberRef(request.name, "name", callerOf(context));
      const member = await identity.updateMember(project.id, id, roleOf(request.role));
      return { member: wireMember(project.name, member) };
    },

    async removeMember(request, context) {
      const { project, id } = memberRef(request.name, "name", callerOf(context));
      await identity.removeMember(project.id, id);
      return {};
    },

    async listAuditEntries(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const { pageSize, pageToken, method, outcome } = request;
      const page = await identity.listAuditEntries({
        projectId: project.id,
        pageSize,
        pageToken,
        ...actorOf(request.actor),
        method,
        outcome,
      });
      return { entries: page.entries.map(wireAuditEntry), nextPageToken: page.nextPageToken };
    },
  };
}

/** Roles have the same numbers there. */
const wireRole = (role: Role) => roleNumber(role) as WireRole;

function roleIn(principal: Principal, project: string): WireRole {
  const scope = principal.access.get(project)?.scope;
  return scope === undefined ? WireRole.UNSPECIFIED : wireRole(roleFor(scope));
}

function wireProject({ name, displayName, personalOf, createdAt }: Project, role: WireRole): WireProject {
  return create(ProjectSchema, {
    name: projectName(name),
    displayName,
    personal: personalOf !== undefined,
    role,
    createTime: timestampFromDate(createdAt),
  });
}

function wireMember(
  project: string,
  { userId, displayName, email, role, groupRole, since }: Member,
): WireMember {
  return create(MemberSchema, {
    name: memberName(project, userId),
    displayName,
    email,
    role: wireRole(role),
    groupRole: groupRole === undefined ? WireRole.UNSPECIFIED : wireRole(groupRole),
    createTime: timestampFromDate(since),
  });
}

/** What {@link wireAuditEntry} calls an actor, read back; empty: nobody in particular. */
function actorOf(text: string): { actorKind: string; actorId: number } {
  const [kind = "", id = "0"] = text.split("/");
  return { actorKind: kind.replace(/s$/, ""), actorId: Number(id) };
}

function wireAuditEntry({
  at,
  actorKind,
  actorId,
  actorName,
  method,
  target,
  address,
  outcome,
}: AuditEntry): WireAuditEntry {
  return create(AuditEntrySchema, {
    time: timestampFromDate(at),
    actor: actorId === 0 ? actorKind : `${actorKind === "user" ? "users" : "tokens"}/${actorId}`,
    actorName,
    method,
    target,
    address,
    outcome,
  });
}
