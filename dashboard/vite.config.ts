import adapter from "@sveltejs/adapter-static";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig, type Plugin } from "vite";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sourceHash } from "./scripts/sources.js";
import { withoutRules } from "./scripts/without-rules.ts";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as {
  version: string;
};

const interpolateNumbers = fileURLToPath(new URL("./src/lib/charts/interpolate-numbers.ts", import.meta.url));

export default defineConfig({
  plugins: [
    fewerChunks(),
    withoutRules(),
    sveltekit({
      compilerOptions: { runes: true },
      // scripts/ensure-build.js builds aside and then exchanges the folders.
      adapter: adapter({
        pages: process.env["ASKTELL_DASHBOARD_OUT"] ?? "build",
        fallback: "200.html",
        precompress: true,
        strict: true,
      }),
      // Two builds of the same sources are alike, and scripts/ensure-build.js can tell what a build was made from.
      version: { name: `${version}+${sourceHash()}` },
      csp: {
        mode: "hash",
        // The server sends the same policy as a header, with frame-ancestors, which a <meta> may not carry. Both apply.
        directives: {
          "default-src": ["none"],
          "script-src": ["self"],
          "style-src": ["self"],
          // The one inline style of SvelteKit's route announcer.
          "style-src-attr": ["unsafe-hashes", "sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo="],
          "img-src": ["self", "data:", "blob:"],
          "font-src": ["self"],
          "connect-src": ["self"],
          "manifest-src": ["self"],
          "base-uri": ["none"],
          "form-action": ["self"],
          "require-trusted-types-for": ["script"],
          "trusted-types": ["svelte-trusted-html", "sveltekit-trusted-url"],
        },
      },
    }),
  ],
  resolve: {
    alias: {
      // The rules are checked by the server; the page needs only that the file exists (saves 12 kB gzip).
      "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js": fileURLToPath(
        new URL("./src/lib/api/no-validation.ts", import.meta.url),
      ),
      // Parts of d3-scale's dependencies that scales from numbers to numbers never reach (saves 11 kB gzip).
      "d3-interpolate": interpolateNumbers,
      "d3-color": interpolateNumbers,
      "d3-format": fileURLToPath(new URL("./src/lib/charts/no-formats.ts", import.meta.url)),
    },
  },
  // During development: `npm run dev -w dashboard` beside a server on its default port.
  server: {
    proxy: { "^/(asktell\\.v1\\.|t/|login|logout)": process.env["ASKTELL_URL"] ?? "http://127.0.0.1:8080" },
  },
});

/**
 * Fewer and larger files compress better and load sooner than sixty small ones. In the browser's build only: the other one,
 * which SvelteKit looks through for page options, must not run the browser's code.
 */
function fewerChunks(): Plugin {
  // Used by every page, so that none waits for another's; what it imports (Svelte, the RPC client) comes along.
  const everywhere =
    /node_modules\/(svelte|@sveltejs)\/|src\/lib\/(format|api\/(clients|session|problem)|data\/(names|spec|trial-columns|best-so-far)|live\/(now|steer)|ui\/(icon|logo|menu|toasts|segmented|time-ago|trial-bar|trial-mark|trial-states|study-state|study-menu|theme))/;
  const groups = [
    // By itself, since SvelteKit reads at its start what the page tells it first: with the rest, it would read before that was told, take
    // itself for outdated, and load an unknown address again and again.
    { name: "start", test: /runtime\/client\/payload\.js|vite\/preload-helper/, priority: 3 },
    { name: "base", test: everywhere, minShareCount: 2, priority: 2 },
    {
      name: "charts",
      // Not what only analyses, several objectives and saved files need.
      test: /node_modules\/(layercake|d3-(?!contour))|src\/lib\/(charts\/(?!pareto|front-|importance|ramp-legend|colour-ramp|density|hypervolume|export|csv)|live\/(?!answer|pace|study-digests|study-list|project\.|project-list|members|token-list|worker-list|audit))/,
      minShareCount: 2,
      priority: 1,
    },
  ];
  return {
    name: "fewer-chunks",
    configEnvironment: (name) =>
      name === "client"
        ? {
            build: {
              rolldownOptions: {
                output: { codeSplitting: { groups } },
              },
            },
          }
        : undefined,
  };
}
