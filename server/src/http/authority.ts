import type { NodeRequest } from "./node-types.ts";
import { HttpRefusal } from "./refusal.ts";

/** What nearly every Host header looks like; everything else goes through the URL parser. */
const COMMON = /^[A-Za-z0-9._-]+(?::[0-9]{1,4})?$/;

/** Several hosts are read differently by whatever stands in front (RFC 9112, section 3.2). */
function checkHostCount({ rawHeaders, httpVersion }: NodeRequest): void {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === "host") count += 1;
  if (count > 1) throw new HttpRefusal(400, "invalid_argument", "The request has more than one Host header.");
  if (count === 0 && httpVersion !== "1.0")
    throw new HttpRefusal(
      400,
      "invalid_argument",
      "The request has no Host header, which HTTP/1.1 requires.",
    );
}

/**
 * Makes sure that a URL can be built from the request's authority, which Connect does for every call.
 * A request of HTTP/1.0 may lack it, as health checks of load balancers do, and then gets "localhost".
 */
export function checkAuthority(req: NodeRequest): void {
  const isHttp2 = "authority" in req;
  const authority = isHttp2 ? req.authority : req.headers.host;
  if (!isHttp2) checkHostCount(req);
  if (authority === undefined) {
    req.headers[isHttp2 ? ":authority" : "host"] = "localhost";
    return;
  }
  if (COMMON.test(authority)) return;
  // User information before the host is forbidden (RFC 9110, section 4.2.4), and so is all else that URL accepts.
  if (!URL.canParse(`http://${authority}`) || /[\s@/?#\\]/.test(authority)) {
    throw new HttpRefusal(
      400,
      "invalid_argument",
      `The request's ${isHttp2 ? ":authority" : "Host header"} is not a host name with an optional port.`,
    );
  }
}
