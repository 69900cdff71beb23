/** Cividis (Nuñez, Anderton and Renslow 2018) in nine stops: even to the eye, and the same to colour-blind readers. */
const stops = [
  [0, 32, 77],
  [0, 51, 111],
  [57, 72, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 121],
  [166, 157, 117],
  [196, 182, 108],
  [234, 209, 86],
] as const;

/** The colour at a share of the ramp, 0 dark to 1 bright, as red, green and blue of 0 to 255. */
function cividis(share: number): [number, number, number] {
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const from = stops[Math.floor(at)] ?? stops[0];
  const to = stops[Math.ceil(at)] ?? from;
  const part = at - Math.floor(at);
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + part * (to[i] - from[i]));
  return [mix(0), mix(1), mix(2)];
}

/** The colour of an area of a share, 0 to 1. As with ranks, what stands out is bright on dark paper, and dark on white. */
export function areaColour(share: number, isDark: boolean): string {
  const [red, green, blue] = cividis(isDark ? share : 1 - share);
  return `rgb(${red} ${green} ${blue})`;
}

/**
 * The colour of a rank, 0 the worst to 1 the best. On dark paper the best are the brightest; on white the ramp runs backwards and stops
 * short of yellow, so that the best are the darkest.
 */
export function rankColour(rank: number, isDark: boolean): string {
  const [red, green, blue] = cividis(isDark ? 0.25 + 0.75 * rank : 0.85 - 0.85 * rank);
  return `rgb(${red} ${green} ${blue})`;
}
