/** More than the studies that are busy at once; a queue costs about a kilobyte. */
const maxEntries = 10_000;

/**
 * Makes one of something for each study, and forgets the ones that were made first when there are very many. Forgetting is harmless
 * for queues: a second queue of a study is to the first as another replica's.
 */
export function perStudy<T>(make: (studyId: number) => T): (studyId: number) => T {
  const made = new Map<number, T>();
  return (studyId) => {
    const known = made.get(studyId);
    if (known !== undefined) return known;
    const fresh = make(studyId);
    for (const oldest of made.keys()) {
      if (made.size < maxEntries) break;
      made.delete(oldest);
    }
    made.set(studyId, fresh);
    return fresh;
  };
}
