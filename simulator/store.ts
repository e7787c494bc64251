import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

/** Records of one kind by key, in memory, the oldest dropped beyond `max`. */
export interface Collection<T> {
  get(key: string): T | undefined;
  put(key: string, record: T): void;
  delete(key: string): void;
  values(): IterableIterator<T>;
  readonly size: number;
}

/**
 * State of the simulated systems. With a folder it is also kept in an append-only journal, so that the estate
 * remembers after a restart; the last line of a key wins, and each start rewrites the journal without the rest.
 */
export interface Store {
  collection<T>(name: string, max?: number): Collection<T>;
  close(): Promise<void>;
}

interface Line {
  c: string;
  k: string;
  v?: unknown;
}

export async function openStore(folder?: string): Promise<Store> {
  const maps = new Map<string, Map<string, unknown>>();
  const mapOf = (name: string) => {
    const known = maps.get(name);
    if (known !== undefined) return known;
    const fresh = new Map<string, unknown>();
    maps.set(name, fresh);
    return fresh;
  };
  let journal: WriteStream | undefined;
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'estate.journal');
    await replay(path, mapOf);
    await rewrite(path, maps);
    journal = createWriteStream(path, { flags: 'a' });
  }
  const append = (line: Line) => void journal?.write(`${JSON.stringify(line)}\n`);

  return {
    collection<T>(name: string, max = 50_000): Collection<T> {
      // Only this collection's own `put` fills its map, within a run and in the journal.
      const map = mapOf(name) as Map<string, T>;
      return {
        get: (key) => map.get(key),
        put: (key, record) => {
          map.set(key, record);
          append({ c: name, k: key, v: record });
          if (map.size <= max) return;
          const oldest = map.keys().next().value;
          if (oldest === undefined) return;
          map.delete(oldest);
          append({ c: name, k: oldest });
        },
        delete: (key) => {
          if (map.delete(key)) append({ c: name, k: key });
        },
        values: () => map.values(),
        get size() {
          return map.size;
        },
      };
    },
    close: async () => {
      if (journal === undefined) return;
      journal.end();
      await once(journal, 'close');
      journal = undefined;
    },
  };
}

async function replay(path: string, mapOf: (name: string) => Map<string, unknown>): Promise<void> {
  if (!existsSync(path)) return;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const text of lines) {
    const line = readLine(text);
    if (line === undefined) continue;
    if (line.v === undefined) mapOf(line.c).delete(line.k);
    else mapOf(line.c).set(line.k, line.v);
  }
}

/** A line cut off by a power cut is the last one and is left out. */
function readLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

async function rewrite(path: string, maps: Map<string, Map<string, unknown>>): Promise<void> {
  const next = createWriteStream(`${path}.next`);
  for (const [c, map] of maps)
    for (const [k, v] of map) if (!next.write(`${JSON.stringify({ c, k, v })}\n`)) await once(next, 'drain');
  next.end();
  await once(next, 'close');
  renameSync(`${path}.next`, path);
}
