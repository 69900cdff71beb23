import { HttpRefusal, refuse } from "../refusal.ts";
import { pathOf } from "../request-info.ts";
import type { Gateway } from "../router.ts";
import { signInByLink } from "./link.ts";
import type { LoginOptions, LoginRoute } from "./options.ts";
import { beginAtProvider, returnFromProvider } from "./provider.ts";
import { answerSession, listSessions, revokeSessions, signOut } from "./sessions.ts";

const routes: Readonly<Record<string, { readonly method: "GET" | "POST"; readonly serve: LoginRoute }>> = {
  "/login": { method: "GET", serve: beginAtProvider },
  "/login/callback": { method: "GET", serve: returnFromProvider },
  "/login/link": { method: "POST", serve: signInByLink },
  "/login/session": { method: "GET", serve: answerSession },
  "/login/sessions": { method: "GET", serve: listSessions },
  "/login/sessions/revoke": { method: "POST", serve: revokeSessions },
  "/logout": { method: "POST", serve: signOut },
};

/** How people sign in and out with a browser. Programs show tokens instead, and need none of this. */
export function createLogin(options: LoginOptions): Gateway {
  return async (req, res) => {
    const path = pathOf(req);
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return false;
    res.setHeader("cache-control", "no-store");
    if (req.method === route.method) {
      await route.serve(options, req, res);
    } else {
      res.setHeader("allow", route.method);
      refuse(
        req,
        res,
        new HttpRefusal(405, "unimplemented", `${path} takes ${route.method}, not ${req.method}.`),
      );
    }
    return true;
  };
}
