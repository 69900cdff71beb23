import { createHash } from "node:crypto";
import type { NodeRequest, NodeResponse } from "../node-types.ts";
import { PAGE_HEADERS } from "../security-headers.ts";

/** A page for somebody whose sign-in did not work out. All texts are plain. */
export interface LoginPage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** What to do now, the best first. */
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

/** As the dashboard's, in short: these pages must work without it. */
const style = `
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f6f7f9, #0d1117); color: light-dark(#141a23, #e8ecf2); }
main { box-sizing: border-box; width: min(28rem, calc(100% - 2rem)); margin: 14vh auto 2rem; padding: 2rem; border: 1px solid light-dark(#e1e5eb, #262d38);
  border-radius: 12px; background: light-dark(#fff, #151a22); }
svg { display: block; margin-bottom: 1.25rem; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0 0 1.5rem; color: light-dark(#465061, #b1bac7); overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .5rem; }
a { padding: .4rem .85rem; border: 1px solid light-dark(#c9d0da, #3a4452); border-radius: 8px; color: inherit; font-weight: 550; text-decoration: none; }
a:first-child { border-color: transparent; background: light-dark(#0b5cad, #69b1f5); color: light-dark(#fff, #04121f); }
a:focus-visible { outline: 2px solid light-dark(#0b5cad, #69b1f5); outline-offset: 2px; }
`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const logo =
  '<svg width="36" height="36" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0b5cad"/>' +
  '<path d="M6 9.5h7V16h6v5h7" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>' +
  '<circle cx="26" cy="21" r="2.6" fill="#ffb84d"/></svg>';

export function sendLoginPage(req: NodeRequest, res: NodeResponse, page: LoginPage): void {
  const links = page.links.map(({ label, href }) => `<a href="${escape(href)}">${escape(label)}</a>`);
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escape(page.title)} · asktell</title><style>${style}</style></head><body><main>${logo}` +
    `<h1>${escape(page.title)}</h1><p>${escape(page.text)}</p><nav aria-label="What now">${links.join("")}</nav>` +
    "</main></body></html>";
  const body = Buffer.from(html);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) res.setHeader(name, value);
  res.setHeader("content-security-policy", policy);
  res.setHeader("cache-control", "no-store");
  res.setHeader("content-type", "text/html; charset=utf-8");
  res.setHeader("content-length", body.length);
  res.statusCode = page.status;
  if (req.method === "HEAD") res.end();
  else res.end(body);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? "");
}
