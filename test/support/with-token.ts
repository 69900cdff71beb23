import type { Interceptor } from "@connectrpc/connect";

/** For a transport of Connect: calls as somebody who holds the token. */
export const withToken =
  (token: string): Interceptor =>
  (next) =>
  (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
