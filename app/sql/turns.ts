import { QueryRefused } from './refused.ts';

export interface Turns {
  /**
   * Resolves when it is this person's turn, which lasts until the returned function is called. `onPlace` is told the place
   * in the queue, from 1, whenever it changes. @throws QueryRefused where the person waits or runs already, or too many wait
   */
  take(person: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<() => void>;
}

interface Waiting {
  begin: () => void;
  /** Of those that wait, from 1; 0 before it was told. */
  place: number;
  onPlace: (place: number) => void;
}

/** First come, first served: `atOnce` at a time, at most `most` waiting, one of each person. */
export function createTurns({ atOnce, most }: { atOnce: number; most: number }): Turns {
  const people = new Set<string>();
  const queue: Waiting[] = [];
  let running = 0;
  const next = () => {
    while (running < atOnce) {
      const first = queue.shift();
      if (first === undefined) break;
      running++;
      first.begin();
    }
    queue.forEach((waiting, index) => {
      if (waiting.place === index + 1) return;
      waiting.place = index + 1;
      waiting.onPlace(waiting.place);
    });
  };
  return {
    take(person, signal, onPlace) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (people.has(person)) throw new QueryRefused('Your query before this one has not ended yet.');
        if (running >= atOnce && queue.length >= most)
          throw new QueryRefused(`${most} queries wait already. Try again in a minute.`);
        people.add(person);
        const leave = () => {
          queue.splice(queue.indexOf(waiting), 1);
          people.delete(person);
          reject(signal.reason as Error);
          next();
        };
        const waiting: Waiting = {
          place: 0,
          onPlace,
          begin: () => {
            signal.removeEventListener('abort', leave);
            resolve(() => {
              running--;
              people.delete(person);
              next();
            });
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.push(waiting);
        next();
      });
    },
  };
}
