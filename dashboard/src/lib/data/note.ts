/** Text within a block of a note. */
export type Inline =
  | { readonly kind: "text" | "strong" | "em" | "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** A block of a note. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly parts: readonly Inline[] }
  | { readonly kind: "paragraph" | "quote"; readonly parts: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "code"; readonly text: string };

/**
 * Reads the part of Markdown that notes use: headings, paragraphs, flat lists, quotes, fenced code, and in a line strong,
 * emphasised, code and links. Everything else, HTML above all, stays the text that it is.
 */
export function parseNote(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  let at = 0;
  const take = (test: RegExp): string[] => {
    const taken: string[] = [];
    for (
      let match = test.exec(lines[at] ?? "");
      at < lines.length && match !== null;
      match = test.exec(lines[at] ?? "")
    ) {
      taken.push(match[1] ?? "");
      at += 1;
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading !== null) {
      blocks.push({
        kind: "heading",
        level: (heading[1] ?? "").length,
        parts: parseInline(heading[2] ?? ""),
      });
      at += 1;
    } else if (line.startsWith("```")) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith("```"));
      const last = end === -1 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, last).join("\n") });
      at = last + 1;
    } else if (/^\s*[-*+]\s+/.test(line))
      blocks.push({ kind: "list", ordered: false, items: take(/^\s*[-*+]\s+(.*)$/).map(parseInline) });
    else if (/^\s*\d+[.)]\s+/.test(line))
      blocks.push({ kind: "list", ordered: true, items: take(/^\s*\d+[.)]\s+(.*)$/).map(parseInline) });
    else if (line.startsWith(">"))
      blocks.push({ kind: "quote", parts: parseInline(take(/^>\s?(.*)$/).join(" ")) });
    else
      blocks.push({
        kind: "paragraph",
        parts: parseInline(take(/^(?!\s*$|#{1,6}\s|```|>|\s*[-*+]\s|\s*\d+[.)]\s)(.*)$/).join(" ")),
      });
  }
  return blocks;
}

const marks =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_(?!\w)|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/g;

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let last = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > last) parts.push({ kind: "text", text: text.slice(last, match.index) });
    const [whole, code, strong, star, under, label, href, bare] = match;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", text: strong });
    else if (star !== undefined || under !== undefined) parts.push({ kind: "em", text: star ?? under ?? "" });
    else if (bare !== undefined) parts.push({ kind: "link", text: bare, href: bare });
    // Any other scheme, javascript: above all, is not a link.
    else if (href !== undefined && /^(https?:|mailto:)/i.test(href))
      parts.push({ kind: "link", text: label ?? "", href });
    else parts.push({ kind: "text", text: whole });
    last = match.index + whole.length;
  }
  if (last < text.length) parts.push({ kind: "text", text: text.slice(last) });
  return parts;
}
