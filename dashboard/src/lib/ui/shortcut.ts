/**
 * Where a key is text, or has a meaning of its own. What was closed counts no longer, although the focus stays in it
 * until the browser draws its next frame: the key right behind Escape is meant for the page.
 */
const OWN_KEYS = "input:not([type=checkbox]), textarea, select, dialog[open], [role=menu]:popover-open";

/** Whether a page may take a pressed key for a shortcut: nobody took it, no modifier is held, nothing is being typed. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return false;
  return !(event.target instanceof Element) || event.target.closest(OWN_KEYS) === null;
}
