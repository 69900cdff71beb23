/** Rows and columns of a padded matrix: the next multiple of four, so that every tile is whole. */
export const padded = (n: number): number => (n + 3) & ~3;
