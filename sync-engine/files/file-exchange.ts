import type { Drop } from './drop.ts';
import type { ExchangeBook } from './exchange-book.ts';

/** One message of a file, to be put onto INTAKE. */
export interface FileMessage {
  topic: string;
  /** The same for every reading of the same file. */
  deliveryId: string;
  body: Uint8Array;
}

/** What a file comes to. Making it has no effect that a repetition would have twice. */
export interface TakenFile {
  messages: FileMessage[];
  /** To be done once the messages are durable and before the file is put away; repeating it is harmless. */
  finish(): Promise<void>;
}

/** How a system exchanges documents through two folders. */
export interface FileExchange {
  /** Where its files are taken from, and put away. */
  drop: Drop;
  /** Milliseconds between two looks at it. */
  pollMs: number;
  take(name: string, bytes: Uint8Array, book: ExchangeBook): Promise<TakenFile>;
  /** Tells of a file that could not be taken again and again, for a reason of our own. */
  untaken(name: string, bytes: Uint8Array, reason: string): FileMessage;
}
