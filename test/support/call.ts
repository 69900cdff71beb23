import type { TestServer } from "./server.ts";

/** Calls a method, such as "StudyService/GetStudy", by JSON, as any program may; throws what the server refuses. */
export async function call<T = Record<string, unknown>>(
  server: Pick<TestServer, "url" | "token">,
  method: string,
  body: object,
): Promise<T> {
  const response = await fetch(`${server.url}/asktell.v1.${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
