import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Scope as WireScope } from "@asktell/proto/asktell/v1/access_pb";
import {
  TokenSchema,
  type TokenService,
  type Token as WireToken,
} from "@asktell/proto/asktell/v1/token_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import { type Identity, type Token, scopeNumber, scopeOf } from "../identity/index.ts";
import { callerOf } from "./gate.ts";
import { projectRef, tokenName, tokenRef } from "./names.ts";
import { secondsOf } from "./values.ts";

/** The TokenService over identity's use cases. */
export function createTokenService(identity: Identity): ServiceImpl<typeof TokenService> {
  return {
    async createToken(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const validSeconds = secondsOf(request.validity);
      const { token, secret } = await identity.createToken({
        projectId: project.id,
        displayName: request.token?.displayName ?? "",
        scopes: (request.token?.scopes ?? []).map(scopeOf),
        ...(validSeconds === undefined ? {} : { validSeconds }),
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

function wireToken(project: string, token: Token): WireToken {
  const scope = scopeNumber(token.scope) as WireScope;
  return create(TokenSchema, {
    name: tokenName(project, token.id),
    displayName: token.displayName,
    scopes: [scope],
    hint: token.hint,
    createTime: timestampFromDate(token.createdAt),
    expireTime: timestampFromDate(token.expiresAt),
    ...(token.lastUsedAt === undefined ? {} : { lastUseTime: timestampFromDate(token.lastUsedAt) }),
    ...(token.revokedAt === undefined ? {} : { revokeTime: timestampFromDate(token.revokedAt) }),
  });
}
