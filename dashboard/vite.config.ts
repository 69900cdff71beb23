import adapter from "@sveltejs/adapter-static";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";
import { readFileSync } from "node:fs";
import { sourceHash } from "./scripts/sources.js";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as {
  version: string;
};

export default defineConfig({
  plugins: [
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
      // The rules of protovalidate are checked by the server; the page needs only that the file exists (saves 12 kB gzip).
      "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js": new URL(
        "./src/lib/api/no-validation.ts",
        import.meta.url,
      ).pathname,
    },
  },
  // During development: `npm run dev -w dashboard` beside a server on its default port.
  server: { proxy: { "^/(asktell\\.v1\\.|t/)": process.env["ASKTELL_URL"] ?? "http://127.0.0.1:8080" } },
});
