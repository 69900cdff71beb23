/** What a command could not do, in words for its user: printed without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
