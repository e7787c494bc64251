import { ConnectorError } from '../connectors/connector.ts';

/**
 * Where files are exchanged with a system: a folder they leave for us and one we leave for them, wherever those are.
 * Everything fails with a ConnectorError of class `unavailable` or `timeout`; nothing is retried here.
 */
export interface Drop {
  /**
   * Their files by name, with what changes while one is being written. Those known to be unfinished, and empty ones, are
   * left out. A folder that is missing is made, unless nothing may be changed there.
   */
  list(options?: { untouched?: boolean }): Promise<Map<string, string>>;
  /** The whole of a file. Fails where it changed meanwhile. */
  read(name: string): Promise<Uint8Array>;
  /** Puts a file of theirs away, into `archive`. Its digest keeps it apart from another one of the same name. */
  archive(name: string, digest: string): Promise<void>;
  /** Leaves a file for them: who looks sees all of it or nothing. A file of that name is replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Names of files that their writers have not finished: hidden ones, and the suffixes that programs use meanwhile. */
export const isUnfinished = (name: string): boolean => /^\.|\.(tmp|part|filepart)$/i.test(name);

export const markOf = (size: number, modifiedMs: number): string => `${size} ${modifiedMs}`;

export const archivedName = (name: string, digest: string): string => `${digest.slice(0, 12)}-${name}`;

/** A name that nobody takes for a finished file. */
export const meanwhileName = (name: string, nonce: string): string => `.${name}.${nonce}.tmp`;

/** Why nothing can be exchanged now; the next try may succeed. */
export function unreachable(code: string, message: string, cause?: unknown): ConnectorError {
  return new ConnectorError(
    { errorClass: 'unavailable', code, message, retryable: true, mayHaveHappened: true },
    cause === undefined ? {} : { cause },
  );
}

export const changedMeanwhile = (name: string): ConnectorError =>
  unreachable('FILE_CHANGED', `The file ${name} changed while it was read; it is read again.`);
