import { goto } from "$app/navigation";
import { page } from "$app/state";

/** As `page.url.searchParams` is. */
type ReadonlyURLSearchParams = typeof page.url.searchParams;

/** The query that the last change leads to, while the browser is on its way there. */
let ahead = $state.raw<{ readonly path: string; readonly query: URLSearchParams }>();

/** The page's address, which holds what it shows, so that a link shows what the sender saw. */
export const address = {
  /**
   * Its query, changes under way included: what is chosen shows at once, and what is chosen next builds on it, however
   * long the browser takes.
   */
  get query(): ReadonlyURLSearchParams {
    return ahead?.path === page.url.pathname ? ahead.query : page.url.searchParams;
  },
};

/** Changes words of the query in place; an empty one is left out, a list is one word for each member. */
export function changeQuery(changes: Readonly<Record<string, string | readonly string[]>>): void {
  const query = new URLSearchParams([...address.query]);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of [value].flat()) if (one !== "") query.append(name, one);
  }
  const path = page.url.pathname;
  const mine = { path, query };
  ahead = mine;
  void goto(query.size === 0 ? path : `${path}?${query}`, { replaceState: true, reset: false }).finally(
    () => {
      if (ahead === mine) ahead = undefined;
    },
  );
}
