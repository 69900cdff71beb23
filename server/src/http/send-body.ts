import type { NodeRequest, NodeResponse } from "./node-types.ts";

/** Answers with a text whose length is known; a HEAD request gets the headers alone. */
export function sendBody(
  req: NodeRequest,
  res: NodeResponse,
  status: number,
  contentType: string,
  text: string,
): void {
  const body = Buffer.from(text);
  res.statusCode = status;
  res.setHeader("content-type", contentType);
  res.setHeader("content-length", body.length);
  if (req.method === "HEAD") res.end();
  else res.end(body);
}
