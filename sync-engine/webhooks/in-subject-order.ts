export interface DoneInOrder {
  /** So many of the first are done, whatever became of those behind. */
  done: number;
  /** What the first that failed failed of. */
  failure?: Error;
}

/** Does `work` for each item: those of one subject one after the other, behind one that failed none; subjects side by side. */
export async function inSubjectOrder<T>(
  items: readonly T[],
  subjectOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<DoneInOrder> {
  const behind = new Map<string, Promise<void>>();
  const all = items.map((item) => {
    const subject = subjectOf(item);
    const one = (behind.get(subject) ?? Promise.resolve()).then(() => work(item));
    behind.set(subject, one);
    return one;
  });
  const ended = await Promise.allSettled(all);
  const failed = ended.findIndex(({ status }) => status === 'rejected');
  const first = ended[failed];
  if (first?.status !== 'rejected') return { done: items.length };
  const reason: unknown = first.reason;
  return { done: failed, failure: reason instanceof Error ? reason : new Error(String(reason)) };
}
