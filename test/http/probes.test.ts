import { once } from "node:events";
import { Registry, Counter } from "prom-client";
import { describe, expect, test } from "vitest";
import { eventually, startServer } from "./support.ts";

describe("/readyz", () => {
  test("is 200 while the check passes, and 503 with the reason while it does not", async () => {
    let reason: string | undefined = "the database does not answer";
    const ready = () => (reason === undefined ? Promise.resolve() : Promise.reject(new Error(reason)));
    const server = await startServer({ router: { ready } });
    const response = await fetch(`${server.origin}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: "unavailable", message: `not ready: ${reason}` });
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    reason = undefined;
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
  });

  test("is 503 when the check takes too long, and asks it once however many probes wait", async () => {
    let asked = 0;
    let end = (): void => undefined;
    const ready = () => {
      asked += 1;
      return new Promise<void>((resolve) => (end = resolve));
    };
    const server = await startServer({ router: { ready, readyTimeoutMs: 100 } });
    const probes = Array.from({ length: 20 }, () => fetch(`${server.origin}/readyz`));
    const answers = await Promise.all(probes);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(503));
    expect(await answers[0]?.json()).toMatchObject({ message: "not ready: no answer within 100 ms" });
    expect(asked).toBe(1);
    end();
    await fetch(`${server.origin}/readyz`);
    expect(asked).toBe(2);
  });

  test("survives a check that throws before it returns a promise", async () => {
    let fails = true;
    const ready = () => {
      if (fails) throw new Error("not even started");
      return Promise.resolve();
    };
    const server = await startServer({ router: { ready } });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    fails = false;
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
  });
});

test("/metrics is prom-client's text, and nothing without a registry", async () => {
  const registry = new Registry();
  new Counter({ name: "asks_total", help: "Asks.", registers: [registry] }).inc(3);
  const server = await startServer({ router: { metrics: registry } });
  const response = await fetch(`${server.origin}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain");
  expect(await response.text()).toContain("asks_total 3");
  expect((await fetch(`${(await startServer()).origin}/metrics`)).status).toBe(404);
});

test("probes take GET and HEAD", async () => {
  const server = await startServer();
  for (const path of ["/healthz", "/readyz"]) {
    const head = await fetch(server.origin + path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await fetch(server.origin + path, { method: "POST", body: "x" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
});

test("the access log has one line for each request but RPCs", async () => {
  const leaving = new AbortController();
  const server = await startServer({
    router: {
      gateways: [
        async (req, res) => {
          if (req.url !== "/slow") return false;
          leaving.abort();
          // As long as its client waits.
          await once(res, "close");
          return true;
        },
      ],
    },
  });
  await fetch(`${server.origin}/healthz?verbose=1`);
  await fetch(`${server.origin}/nowhere`, { method: "POST" });
  await fetch(`${server.origin}/slow`, { signal: leaving.signal }).catch(() => undefined);
  await fetch(`${server.origin}/asktell.v1.StudyService/GetStudy`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  await eventually(() => expect(server.requests).toHaveLength(3));
  expect(server.requests).toMatchObject([
    { method: "GET", path: "/healthz", status: 200, peer: "127.0.0.1" },
    { method: "POST", path: "/nowhere", status: 404 },
    { method: "GET", path: "/slow", status: 0 },
  ]);
});
