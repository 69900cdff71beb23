import { execFile } from "node:child_process";
import { resolve } from "node:path";

/*
 * Asks the registry for known weaknesses of the dependencies that the server ships with. A weakness of high or critical severity fails the
 * check; a registry that cannot be asked does not, for then nothing is known that was not known before, but it is said plainly.
 */

/** What `npm audit --json` answers, as far as it matters here. */
export interface AuditReport {
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
  readonly error?: { readonly summary?: string };
  readonly message?: string;
}

export interface Verdict {
  readonly passed: boolean;
  readonly text: string;
}

/** Judges npm's answer. @param output - its standard output */
export function judge(output: string): Verdict {
  let report: AuditReport;
  try {
    report = JSON.parse(output) as AuditReport;
  } catch {
    return unknown("npm answered no report");
  }
  const counts = report.metadata?.vulnerabilities;
  if (counts === undefined)
    return unknown(report.error?.summary || report.message || "npm answered no report");
  const grave = Object.entries(report.vulnerabilities ?? {}).filter(([, { severity }]) =>
    /^(?:high|critical)$/.test(severity),
  );
  const total = counts["total"] ?? 0;
  if (grave.length === 0)
    return { passed: true, text: `No grave weakness is known of the dependencies (${total} lesser ones).` };
  const lines = grave.map(([name, { severity, range }]) => `  ${name} ${range}: ${severity}`);
  return {
    passed: false,
    text: `Grave weaknesses are known:\n${lines.join("\n")}\nnpm audit --omit=dev says more.`,
  };
}

function unknown(why: string): Verdict {
  return {
    passed: true,
    text: `NOT CHECKED: the registry could not be asked for known weaknesses (${why.trim()}).`,
  };
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "../..");
  const output = await new Promise<string>((done) => {
    execFile("npm", ["audit", "--omit=dev", "--json"], { cwd: root, timeout: 60_000 }, (_failure, stdout) =>
      done(stdout),
    );
  });
  const { passed, text } = judge(output);
  console.log(text);
  process.exitCode = passed ? 0 : 1;
}
