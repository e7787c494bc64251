import { open } from 'node:fs/promises';

/** A row that became no step. */
export interface RejectedRow {
  /** Where it begins in the file, from 1. */
  line: number;
  /** The field that is wrong, empty where the row as a whole is. */
  field: string;
  reason: string;
  /** As it stands in the file; absent where only its transaction refused it. */
  raw?: string;
}

/** The rows that were not taken, one JSON object a line, for whoever corrects them. */
export interface RejectedRows {
  add(row: RejectedRow): void;
  /** Bytes of the file, once all that was added is in it. */
  flush(): Promise<number>;
  close(): Promise<void>;
}

/** @param length what of an earlier run is kept; the rest was added after its last note and comes again */
export async function openRejectedRows(path: string, length: number): Promise<RejectedRows> {
  const file = await open(path, length === 0 ? 'w' : 'r+', 0o600);
  await file.truncate(length);
  let at = length;
  let text = '';
  const flush = async () => {
    const bytes = Buffer.from(text);
    text = '';
    if (bytes.length > 0) await file.write(bytes, 0, bytes.length, at);
    at += bytes.length;
    return at;
  };
  return {
    add: (row) => {
      text += `${JSON.stringify(row)}\n`;
    },
    flush,
    async close() {
      await flush();
      await file.close();
    },
  };
}
