import type { NodeRequest, NodeResponse } from "../../http/node-types.ts";
import { pathOf } from "../../http/request-info.ts";
import type { Gateway } from "../../http/router.ts";
import type { Scope } from "../../identity/index.ts";
import { type Answer, refuseMethod, respond } from "../answer.ts";
import type { Caller } from "../caller.ts";
import type { GatewayContext } from "../context.ts";
import { readBody } from "../read-body.ts";
import { type AccessMode, admit } from "./access.ts";
import { hparams } from "./hparams.ts";
import { checkModel } from "./model.ts";
import { score } from "./score.ts";
import { upload } from "./upload.ts";

export interface OptunapiOptions {
  readonly access: AccessMode;
  /** Folder with `{model}.yaml`; undefined: studies come from uploads and from the API. */
  readonly folder: string | undefined;
}

/** Bytes of a configuration: 256 parameters take a tenth of it. */
const maxConfig = 2 ** 18;

interface Route {
  readonly method: "GET" | "PUT";
  readonly scope: Scope;
  readonly run: (caller: Caller, model: string, req: NodeRequest, res: NodeResponse) => Promise<Answer>;
}

/** OptunAPI's three requests (0.1.4), also under the prefix that its documentation misspells, and the upload of configurations. */
export function createOptunapiGateway(context: GatewayContext, options: OptunapiOptions): Gateway {
  const { studies } = context;
  const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
    [
      "hparams",
      {
        method: "GET",
        scope: "work",
        run: (caller, model, _req, res) => hparams(context, options.folder, caller, model, res),
      },
    ],
    [
      "score",
      {
        method: "GET",
        scope: "work",
        run: (caller, model, req) => score(studies, caller, model, queryOf(req)),
      },
    ],
    [
      "config",
      {
        method: "PUT",
        scope: "edit",
        run: async (caller, model, req) => upload(context, caller, model, await readBody(req, maxConfig)),
      },
    ],
  ]);

  return async (req, res) => {
    const [, action = "", model] = /^\/optun(?:api|a)\/(\w+)(?:\/([^/]*))?$/.exec(pathOf(req)) ?? [];
    if (action === "ping" && model === undefined) {
      if (req.method === "GET") await respond(req, res, ping);
      else refuseMethod(req, res, "GET");
      return true;
    }
    const route = routes.get(action);
    if (route === undefined || model === undefined) return false;
    // Not HEAD either: a look-ahead must not take a trial.
    if (req.method !== route.method) {
      refuseMethod(req, res, route.method);
      return true;
    }
    await respond(req, res, async () => {
      const caller = await admit(
        req,
        { scope: route.scope, what: `optunapi/${action}` },
        options.access,
        context,
      );
      return route.run(caller, checkModel(decode(model)), req, res);
    });
    return true;
  };
}

function ping(): Promise<Answer> {
  return Promise.resolve({ json: JSON.stringify("The Optuna-server is alive!") });
}

function queryOf({ url = "" }: NodeRequest): URLSearchParams {
  const mark = url.indexOf("?");
  return new URLSearchParams(mark === -1 ? "" : url.slice(mark));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Broken percent-encoding names no model.
    return segment;
  }
}
