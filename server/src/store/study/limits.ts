/** What of a specification the clock's budgets need. */
export interface Limits {
  readonly maxTrials: number | undefined;
  readonly maxRunning: number | undefined;
  readonly maxAttempts: number;
}
