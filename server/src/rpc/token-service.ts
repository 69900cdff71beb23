import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Scope as WireScope } from "@asktell/proto/asktell/v1/access_pb";
import {
  TokenSchema,
  type TokenService,
  type Token as WireToken,
} from "@asktell/proto/asktell/v1/token_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import { type Identity, type Token, scopes } from "../identity/index.ts";
import { callerOf } from "./gate.ts";
import { projectId, tokenId, tokenName } from "./names.ts";
import { secondsOf } from "./values.ts";

/** The TokenService over identity's use cases. */
export function createTokenService(identity: Identity): ServiceImpl<typeof TokenService> {
  return {
    async createToken(request, context) {
      const caller = callerOf(context);
      const validSeconds = secondsOf(request.validity);
      const { token, secret } = await identity.createToken({
        projectId: projectId(request.parent, "parent", caller),
        displayName: request.token?.displayName ?? "",
        scopes: (request.token?.scopes ?? []).flatMap((scope) => scopes[scope - 1] ?? []),
        ...(validSeconds === undefined ? {} : { validSeconds }),
      });
      return { token: wireToken(caller.project.name, token), secret };
    },

    async listTokens(request, context) {
      const caller = callerOf(context);
      const { pageSize, pageToken } = request;
      const page = await identity.listTokens({
        projectId: projectId(request.parent, "parent", caller),
        pageSize,
        pageToken,
      });
      return {
        tokens: page.tokens.map((token) => wireToken(caller.project.name, token)),
        nextPageToken: page.nextPageToken,
      };
    },

    async revokeToken(request, context) {
      const caller = callerOf(context);
      const token = await identity.revokeToken({
        projectId: caller.project.id,
        id: tokenId(request.name, "name", caller),
      });
      return { token: wireToken(caller.project.name, token) };
    },
  };
}

function wireToken(project: string, token: Token): WireToken {
  const scope = (scopes.indexOf(token.scope) + 1) as WireScope;
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
