/** Fields of the form that the API calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  studyId: "id",
  displayName: "title",
  targetValue: "target",
  leaseDuration: "lease",
};

/**
 * What the server says of the fields of a study, by the names that the form has for them:
 * `study.parameters[2].real.prior.mean` is `parameters[2].prior.mean` there.
 */
export function formFields(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...fields].map(([field, text]) => [formField(field), text]));
}

function formField(field: string): string {
  const name = field
    .replace(/^study\./, "")
    .replace(/\.(real|integer|categorical)\b/, "")
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    // A line of text there.
    .replace(/(\.condition\.values).*/, "$1")
    .replace(/^(linearConstraints\[\d+\]).*/, "$1");
  return renamed[name] ?? name;
}
