/** Columns for people, as wide as their widest cell; two spaces between. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? "").length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @example "2026-11-22 14:03" in UTC */
export function formatTime(time: Date | undefined): string {
  return time === undefined ? "never" : time.toISOString().slice(0, 16).replace("T", " ");
}
