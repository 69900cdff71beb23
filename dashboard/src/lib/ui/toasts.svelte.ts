/** Short messages at the edge of the page: what was done, what failed, and a way back. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo: (() => void) | undefined;
}

let toasts = $state.raw<readonly Toast[]>([]);
let next = 1;

/** What ends a message by itself. Times are in milliseconds, the latter on the clock of performance.now(). */
interface Countdown {
  left: number;
  since: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly ended: () => void;
}
const countdowns = new Map<number, Countdown>();
let held = false;

export const toastList = {
  get all(): readonly Toast[] {
    return toasts;
  },
};

/**
 * Says something for a while: 5 s, 10 s with a way back; failures stay until they are dismissed.
 *
 * @param options.ended is told when the message has gone without its way back being taken, by time or because somebody dismissed it
 */
export function say(
  text: string,
  options: { bad?: boolean; undo?: () => void; ended?: () => void } = {},
): number {
  const { bad = false, undo, ended = () => undefined } = options;
  const id = next++;
  toasts = [...toasts.slice(-3), { id, text, bad, undo }];
  if (!bad) {
    const left = undo === undefined ? 5_000 : 10_000;
    countdowns.set(id, { left, since: performance.now(), timer: undefined, ended });
    if (!held) run(id);
  }
  return id;
}

/** Takes a message away. */
export function dismiss(id: number): void {
  drop(id)?.ended();
}

/** Takes a message away, and goes the way back that it offers. */
export function takeBack({ id, undo }: Toast): void {
  drop(id);
  undo?.();
}

/** Lets no message go by itself while somebody is at them. */
export function holdToasts(on: boolean): void {
  if (held === on) return;
  held = on;
  for (const [id, one] of countdowns) {
    if (!on) run(id);
    else {
      clearTimeout(one.timer);
      one.left -= performance.now() - one.since;
    }
  }
}

function run(id: number): void {
  const one = countdowns.get(id);
  if (one === undefined) return;
  one.since = performance.now();
  one.timer = setTimeout(() => dismiss(id), one.left);
}

function drop(id: number): Countdown | undefined {
  const one = countdowns.get(id);
  clearTimeout(one?.timer);
  countdowns.delete(id);
  toasts = toasts.filter((toast) => toast.id !== id);
  if (toasts.length === 0) held = false;
  return one;
}
