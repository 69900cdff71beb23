/** Saves what a chart shows: its SVG and canvas layers and its marked texts, put together in one picture. */

const NS = "http://www.w3.org/2000/svg";
const styles = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "display",
] as const;
const MARGIN = 16; // px

/**
 * The chart as one SVG document. Styles become attributes, so that the file looks the same without this page's style sheets.
 * @param plot the element around the layers; texts in it that belong to the picture carry `data-export-text`
 * @param legend the element around the legend; its entries carry `data-legend-item`
 */
export function toSvg(
  plot: HTMLElement,
  title: string,
  legend: HTMLElement | undefined,
  colours: { readonly paper: string; readonly ink: string },
): SVGSVGElement {
  const box = plot.getBoundingClientRect();
  const entries = [...(legend?.querySelectorAll<HTMLElement>("[data-legend-item]") ?? [])];
  const width = Math.ceil(box.width) + 2 * MARGIN;
  const height = Math.ceil(box.height) + 2 * MARGIN + 28 + (entries.length > 0 ? 24 : 0);
  const root = element("svg", { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` });
  const family = getComputedStyle(plot).fontFamily;
  root.append(element("rect", { width, height, fill: colours.paper }));
  root.append(
    text(title, {
      x: MARGIN,
      y: MARGIN + 12,
      fill: colours.ink,
      "font-family": family,
      "font-size": 15,
      "font-weight": 600,
    }),
  );
  const origin = { left: box.left - MARGIN, top: box.top - MARGIN - 28 };
  for (const layer of plot.querySelectorAll<SVGSVGElement | HTMLCanvasElement | HTMLElement>(
    "svg, canvas, [data-export-text]",
  )) {
    if (
      layer.closest("[data-no-export]") !== null ||
      layer.parentElement?.closest("svg") instanceof SVGSVGElement
    )
      continue;
    const at = layer.getBoundingClientRect();
    const place = { x: at.left - origin.left, y: at.top - origin.top };
    if (layer instanceof HTMLCanvasElement)
      root.append(
        element("image", { ...place, width: at.width, height: at.height, href: layer.toDataURL() }),
      );
    else if (layer instanceof SVGSVGElement)
      root.append(copyOf(layer, { ...place, width: at.width, height: at.height, overflow: "visible" }));
    else root.append(textOf(layer, place));
  }
  let x = MARGIN;
  for (const entry of entries) {
    const mark = entry.querySelector("svg");
    const y = height - MARGIN - 6;
    if (mark !== null) root.append(copyOf(mark, { x, y: y - 10, width: 12, height: 12 }));
    const words = entry.textContent?.trim() ?? "";
    root.append(text(words, { x: x + 17, y, fill: colours.ink, "font-family": family, "font-size": 12 }));
    x += 17 + words.length * 6.6 + 18;
  }
  return root;
}

/** Saves as an SVG file. */
export function saveSvg(svg: SVGSVGElement, name: string): void {
  save(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}

/** Saves as a PNG file at twice the size on the screen. */
export async function savePng(svg: SVGSVGElement, name: string): Promise<void> {
  const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob !== null) save(blob, `${name}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Saves any text as a file. */
export function saveText(content: string, name: string, type = "text/csv;charset=utf-8"): void {
  save(new Blob([content], { type }), name);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function copyOf(source: SVGSVGElement, attributes: Record<string, string | number>): SVGSVGElement {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [
    [source, ...source.querySelectorAll("*")],
    [copy, ...copy.querySelectorAll("*")],
  ];
  for (const [index, original] of originals.entries()) {
    const twin = copies[index];
    if (twin === undefined) continue;
    const computed = getComputedStyle(original);
    for (const name of styles) twin.setAttribute(name, computed.getPropertyValue(name));
    twin.removeAttribute("class");
    twin.removeAttribute("style");
  }
  for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, String(value));
  return copy;
}

function textOf(source: HTMLElement, { x, y }: { x: number; y: number }): SVGElement {
  const computed = getComputedStyle(source);
  const size = Number.parseFloat(computed.fontSize);
  return text(source.textContent?.trim() ?? "", {
    x,
    y: y + size,
    fill: computed.color,
    "font-family": computed.fontFamily,
    "font-size": size,
    "font-weight": computed.fontWeight,
  });
}

function text(content: string, attributes: Record<string, string | number>): SVGElement {
  const node = element("text", attributes);
  node.textContent = content;
  return node;
}

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes))
    if (key !== "xmlns") node.setAttribute(key, String(value));
  return node;
}
