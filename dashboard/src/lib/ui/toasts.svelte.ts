/** Short messages at the edge of the page: what was done, what failed, and a way back. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo: (() => void) | undefined;
}

let toasts = $state.raw<readonly Toast[]>([]);
let next = 1;

export const toastList = {
  get all(): readonly Toast[] {
    return toasts;
  },
};

/** Says something for a while: 5 s, 10 s with a way back; failures stay until they are dismissed. */
export function say(
  text: string,
  options: { bad?: boolean; undo?: () => void; milliseconds?: number } = {},
): number {
  const { bad = false, undo } = options;
  const id = next++;
  toasts = [...toasts.slice(-3), { id, text, bad, undo }];
  if (!bad) setTimeout(() => dismiss(id), options.milliseconds ?? (undo === undefined ? 5_000 : 10_000));
  return id;
}

/** Takes a message away. */
export function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
}
