import { createHash } from "node:crypto";
import { hadUrlToken } from "./token.ts";
import type { NodeRequest, NodeResponse } from "./node-types.ts";

/**
 * Headers of every answer. They cost nothing where they do not matter (RPC) and close whole classes of attack
 * where they do (pages).
 */
export function setSecurityHeaders(req: NodeRequest, res: NodeResponse, hsts: boolean): void {
  res.setHeader("x-content-type-options", "nosniff");
  res.setHeader("referrer-policy", "no-referrer");
  // A year, as browsers' preload lists ask; only said over https, where browsers heed it.
  if (hsts) res.setHeader("strict-transport-security", "max-age=31536000");
  // Answers are of the moment and for one caller; the files of the dashboard say otherwise.
  res.setHeader("cache-control", hadUrlToken(req) ? "no-store, private" : "no-store");
  // An answer that a browser is made to show as a page may do nothing, and no other site may draw on it.
  res.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  res.setHeader("cross-origin-resource-policy", "same-origin");
}

/** Further headers of pages and their files. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** The fixed inline style of SvelteKit's route announcer, the only one that its pages contain. */
const ANNOUNCER_STYLE = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc\s*=)[^>]*>([\s\S]*?)<\/script>/gi;

/**
 * The policy for an HTML page: code from this origin, plus exactly the inline scripts that the page was built with.
 * It joins the page's own meta element (both apply), and adds `frame-ancestors`, which a meta element cannot say.
 */
export function contentSecurityPolicy(html: string): string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(([, script = ""]) => {
    return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  });
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(" "),
    "style-src 'self'",
    `style-src-attr 'unsafe-hashes' ${ANNOUNCER_STYLE}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types svelte-trusted-html sveltekit-trusted-url dompurify",
  ].join("; ");
}
