import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["server/**/*.test.ts", "dashboard/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/bench/**"],
    // One PostgreSQL for the whole run; a test file takes databases of its own from it.
    globalSetup: "test/support/global-setup.ts",
    // Processes, because tests send signals and count handles; two, because each drives a server as well.
    pool: "forks",
    maxWorkers: 2,
    // Real servers and browsers on machines that may be ten times as busy as usual: an end for what hangs, no bar.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 90_000 } },
  },
});
