import { createInterface } from "node:readline";
import { type AskJson, Refusal, call } from "../chaos/api.ts";

/** What the worker of the lease tests is started with, as JSON. */
export interface LeaseHolderOptions {
  readonly url: string;
  readonly token: string;
  readonly study: string;
  /** Time between two renewals, ms; 0 renews nothing. */
  readonly renewMs: number;
}

// A worker in a process of its own, so that a signal can stop it in the middle of everything, its heartbeat included. It asks for a
// trial, says so, and then does what its input says, a line each: `report STEP VALUE` or `tell VALUE`. It prints each answer as JSON.
const { url, token, study, renewMs } = JSON.parse(process.argv[2] ?? "{}") as LeaseHolderOptions;
const say = (answer: unknown) => console.log(JSON.stringify(answer));
const { trials } = await call<AskJson>(url, token, "TrialService/AskTrials", { study, worker: "holder" });
const [held] = trials;
if (held === undefined) throw new Error("got no trial");
const { name: trial, leaseToken } = held;
say(held);
const renew = () =>
  void call(url, token, "TrialService/RenewLease", { leases: [{ trial, leaseToken }] }).catch(
    () => undefined,
  );
const heartbeat = renewMs > 0 ? setInterval(renew, renewMs) : undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...numbers] = line.split(" ");
  const [first = 0, second = 0] = numbers.map(Number);
  try {
    const answer =
      what === "report"
        ? await call(url, token, "TrialService/ReportTrial", {
            trial,
            leaseToken,
            step: first,
            values: [second],
          })
        : await call(url, token, "TrialService/TellTrial", { trial, leaseToken, values: [first] });
    say(answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say({ refusal: error.reason, status: error.status, metadata: error.metadata });
  }
}
clearInterval(heartbeat);
