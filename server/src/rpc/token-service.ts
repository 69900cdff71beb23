import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Scope as WireScope } from "@asktell/proto/asktell/v1/access_pb";
import {
  TokenKind,
  TokenSchema,
  type TokenService,
  type Token as WireToken,
} from "@asktell/proto/asktell/v1/token_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import { type Identity, type ProjectKey, type Token, scopeNumber, scopeOf } from "../identity/index.ts";
import { invalid } from "../studies/errors.ts";
import { type Caller, callerOf } from "./gate.ts";
import { projectName, projectRef, studyName, studyRef, tokenName, tokenRef } from "./names.ts";
import { quote } from "./quote.ts";
import { secondsOf } from "./values.ts";

/** The TokenService over identity's use cases. */
export function createTokenService(identity: Identity): ServiceImpl<typeof TokenService> {
  return {
    async createToken(request, context) {
      const caller = callerOf(context);
      const project = projectRef(request.parent, "parent", caller);
      const wire = request.token ?? create(TokenSchema);
      const validSeconds = secondsOf(request.validity);
      const { token, secret } = await identity.createToken({
        projectId: project.id,
        userId: caller.principal.actor.kind === "user" ? caller.principal.actor.id : undefined,
        displayName: wire.displayName,
        kind: wire.kind === TokenKind.SHARE_LINK ? "link" : "token",
        scopes: wire.scopes.map(scopeOf),
        study: studyIn(project, wire.study, caller),
        maxAsks: wire.maxAsks || undefined,
        ...(validSeconds === undefined ? {} : { validSeconds }),
      });
      const sharePath =
        token.kind === "link" ? `/${studyName(project.name, token.study?.name ?? "")}#token=${secret}` : "";
      return { token: wireToken(project.name, token), secret, sharePath };
    },

    async rotateToken(request, context) {
      const { project, id } = tokenRef(request.name, "name", callerOf(context));
      const validSeconds = secondsOf(request.validity);
      const overlapSeconds = secondsOf(request.overlap);
      const { token, secret } = await identity.rotateToken({
        projectId: project.id,
        id,
        ...(validSeconds === undefined ? {} : { validSeconds }),
        ...(overlapSeconds === undefined ? {} : { overlapSeconds }),
      });
      return { token: wireToken(project.name, token), secret };
    },

    async listTokens(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const { pageSize, pageToken } = request;
      const page = await identity.listTokens({
        projectId: project.id,
        pageSize,
        pageToken,
      });
      return {
        tokens: page.tokens.map((token) => wireToken(project.name, token)),
        nextPageToken: page.nextPageToken,
      };
    },

    async revokeToken(request, context) {
      const { project, id } = tokenRef(request.name, "name", callerOf(context));
      const token = await identity.revokeToken({ projectId: project.id, id });
      return { token: wireToken(project.name, token) };
    },
  };
}

/** The name of the study that a token is to be for; undefined: none in particular. */
function studyIn(project: ProjectKey, name: string, caller: Caller): string | undefined {
  if (name === "") return undefined;
  const ref = studyRef(name, "token.study", caller);
  if (ref.projectId === project.id || !name.includes("/")) return ref.name;
  const description = `${quote(name)} is no study of ${projectName(project.name)}`;
  throw invalid([{ field: "token.study", description }]);
}

function wireToken(project: string, token: Token): WireToken {
  const scope = scopeNumber(token.scope) as WireScope;
  return create(TokenSchema, {
    name: tokenName(project, token.id),
    displayName: token.displayName,
    scopes: [scope],
    hint: token.hint,
    kind: token.kind === "link" ? TokenKind.SHARE_LINK : TokenKind.PROGRAM,
    // A token of a deleted study names what is left of it.
    study: token.study === undefined ? "" : studyName(project, token.study.name ?? "-"),
    maxAsks: token.maxAsks ?? 0,
    asks: token.asks,
    lastUseAddress: token.lastUsedFrom,
    createTime: timestampFromDate(token.createdAt),
    expireTime: timestampFromDate(token.expiresAt),
    ...(token.lastUsedAt === undefined ? {} : { lastUseTime: timestampFromDate(token.lastUsedAt) }),
    ...(token.revokedAt === undefined ? {} : { revokeTime: timestampFromDate(token.revokedAt) }),
  });
}
