/** The present, to the second, for everything that says "3 minutes ago": one timer for the whole page. */
let now = $state(Date.now());

if (typeof document !== "undefined") {
  setInterval(() => {
    if (!document.hidden) now = Date.now();
  }, 1_000);
}

export const clock = {
  get now(): number {
    return now;
  },
};
