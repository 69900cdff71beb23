/**
 * The earlier studies of a form with what is typed besides: an id of a study of the same project, or a whole name.
 * @param parent the project of the new study; empty while it is not known
 */
export function withSource(sources: readonly string[], typed: string, parent: string): string[] {
  const wanted = typed.trim();
  const name = wanted.includes("/") || parent === "" ? wanted : `${parent}/studies/${wanted}`;
  return wanted === "" || sources.includes(name) ? [...sources] : [...sources, name];
}
