import type { NodeResponse } from "../node-types.ts";

/** Sends a browser on to another address, with a GET (RFC 9110, section 15.4.4). */
export function redirect(res: NodeResponse, location: string): void {
  res.statusCode = 303;
  res.setHeader("location", location);
  res.setHeader("cache-control", "no-store");
  res.end();
}
