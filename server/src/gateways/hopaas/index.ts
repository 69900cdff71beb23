import type { NodeRequest, NodeResponse } from "../../http/node-types.ts";
import { pathOf } from "../../http/request-info.ts";
import type { Gateway } from "../../http/router.ts";
import type { Scope } from "../../identity/index.ts";
import { type Answer, refuseMethod, respond, sendPlain } from "../answer.ts";
import { type Caller, callerOf } from "../caller.ts";
import type { GatewayContext } from "../context.ts";
import { JsonProblem, type ParsedObject, parseObject } from "../python-json.ts";
import { readBody } from "../read-body.ts";
import { unprocessable } from "../refusal.ts";
import { ask } from "./ask.ts";
import { bestTrial, markAsFailed, shouldPrune, tell, trialRef } from "./trial.ts";

type Call = (caller: Caller, body: ParsedObject, res: NodeResponse) => Promise<Answer>;

/** Bytes. */
const maxBody = 2 ** 20;

const versionPath = "/api/version";
const bestPath = "/api/get_best_trial";
const posts = ["/api/ask", "/api/tell", "/api/mark_as_failed", "/api/should_prune"] as const;

/** The paths of Hopaas in which the next segment is the token. */
export const hopaasTokenPaths: readonly string[] = [...posts, bestPath];

/**
 * What a Hopaas server answered (the server was never published: the shapes are those that `hopaas_client` sends and accepts).
 * Its studies are ordinary ones, named after the digest of what defines them.
 */
export function createHopaasGateway(context: GatewayContext): Gateway {
  const { studies, version } = context;
  const calls: Record<(typeof posts)[number], Call> = {
    "/api/ask": (caller, body, res) => ask(context, caller, body, res),
    "/api/tell": (caller, { value }) => tell(studies, trialRef(value["hopaas_trial"], caller), value),
    "/api/mark_as_failed": (caller, { value }) =>
      markAsFailed(studies, trialRef(value["hopaas_trial"], caller), value),
    "/api/should_prune": (caller, { value }) =>
      shouldPrune(studies, trialRef(value["hopaas_trial"], caller), value),
  };

  /** Who calls, before anything of the body is read. */
  function admit(req: NodeRequest, scope: Scope): Promise<Caller> {
    return callerOf(req, { scope, what: `hopaas${pathOf(req).slice("/api".length)}` }, context);
  }

  const answerPost = async (req: NodeRequest, res: NodeResponse, call: Call): Promise<Answer> => {
    const caller = await admit(req, "work");
    return call(caller, parse(await readBody(req, maxBody)), res);
  };
  const answerBest = async (req: NodeRequest): Promise<Answer> => {
    const caller = await admit(req, "read");
    const query = new URLSearchParams((req.url ?? "").slice(bestPath.length));
    return bestTrial(studies, trialRef(query.get("hopaas_trial") ?? undefined, caller));
  };

  return async (req, res) => {
    const path = pathOf(req);
    const post = posts.find((known) => known === path);
    if (post === undefined && path !== versionPath && path !== bestPath) return false;
    const methods = post === undefined ? ["GET", "HEAD"] : ["POST"];
    if (!methods.includes(req.method ?? "")) refuseMethod(req, res, methods.join(", "));
    else if (post !== undefined) await respond(req, res, () => answerPost(req, res, calls[post]));
    else if (path === bestPath) await respond(req, res, () => answerBest(req));
    else sendPlain(req, res, `asktell ${version}`);
    return true;
  };
}

function parse(text: string): ParsedObject {
  try {
    return parseObject(text);
  } catch (error) {
    throw error instanceof JsonProblem ? unprocessable(error.message) : error;
  }
}
