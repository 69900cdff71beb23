/** Where the engine says what people who run the server should know. */
export interface EngineLog {
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
}

/** An error goes by the name of `err`, under which the log writes its message and stack; under another it would be an empty object. */
type LogFacts = Readonly<Record<string, unknown>> & { readonly error?: never };
