/** Answers that are being computed or have been, the least recently used ones forgotten. */
export interface AnswerCache {
  /** The answer to a question, as a function so that a promise of it is not awaited by whoever passes it on. */
  find<T>(key: string, compute: () => Promise<T>): () => Promise<T>;
}

/** An answer is the size of a chart: some ten kilobytes, at most a megabyte. */
const most = 128;

export function createAnswerCache(): AnswerCache {
  // A Map keeps the order of insertion, so its first entry is the least recently used one.
  const answers = new Map<string, Promise<unknown>>();
  return {
    find<T>(key: string, compute: () => Promise<T>) {
      // A key names the kind of answer, too.
      const answer = (answers.get(key) as Promise<T> | undefined) ?? compute();
      answers.delete(key);
      answers.set(key, answer);
      answer.catch(() => {
        if (answers.get(key) === answer) answers.delete(key);
      });
      for (const oldest of answers.keys()) {
        if (answers.size <= most) break;
        answers.delete(oldest);
      }
      return () => answer;
    },
  };
}
