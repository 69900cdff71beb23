/** The SQL types that values are bound as. */
export type SqlType = "text" | "bigint" | "int" | "smallint" | "float8" | "numeric" | "jsonb";

/** Collects the values of a statement that is put together at run time, so that none of them ever becomes SQL text. */
export interface SqlValues {
  readonly values: readonly unknown[];
  /** Adds a value; answers how the statement's text refers to it. */
  bind(value: string | number, type: SqlType): string;
}

export function createSqlValues(): SqlValues {
  const values: unknown[] = [];
  return {
    values,
    // The cast fixes the parameter's type, so that its text is all that the driver has to send.
    bind: (value, type) => `$${values.push(String(value))}::${type}`,
  };
}
