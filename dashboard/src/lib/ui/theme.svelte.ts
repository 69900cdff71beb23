/** Light, dark, or as the system says; kept in this browser. */
export type Theme = "system" | "light" | "dark";

const KEY = "asktell.theme";

let theme = $state<Theme>("system");

const colours = [
  "waiting",
  "running",
  "completed",
  "pruned",
  "failed",
  "infeasible",
  "best",
  "muted",
  "ink",
  "paper",
  "grid",
] as const;

/** The chart colours as the canvas needs them: resolved, `rgb(…)`. */
export type Palette = Readonly<Record<(typeof colours)[number], string>>;

let palette = $state.raw<Palette>(readPalette());

/** The chosen theme and the chart colours that it gives. */
export const appearance = {
  get theme(): Theme {
    return theme;
  },
  set theme(chosen: Theme) {
    theme = chosen;
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
    paint();
  },
  /** Read inside a draw function, so that a change of theme repaints. */
  get palette(): Palette {
    return palette;
  },
};

/** Takes up the choice kept from last time, and follows the system's. Called once the style sheets are there. */
export function applyTheme(): void {
  const kept = localStorage.getItem(KEY);
  if (kept === "light" || kept === "dark") theme = kept;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
}

function paint(): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  palette = readPalette();
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    colours.map((name) => [name, style.getPropertyValue(`--c-${name}`).trim()]),
  ) as Palette;
}
