import type { FetchedMessage } from '../intake/fetched-message.ts';
import type { Drop } from './drop.ts';
import type { ExchangeBook } from './exchange-book.ts';

/** What a file comes to. Making it has no effect that a repetition would have twice. */
export interface TakenFile {
  messages: FetchedMessage[];
  /** What we remember of it, once the messages are durable; repeating it is harmless. */
  note(): Promise<void>;
  /** What its sender is answered after that and before the file is put away; repeating it is harmless. */
  answer(): Promise<void>;
}

/** How a system exchanges documents through two folders. */
export interface FileExchange {
  /** Where its files are taken from, and put away. */
  drop: Drop;
  /** Milliseconds between two looks at it. */
  pollMs: number;
  take(name: string, bytes: Uint8Array, book: ExchangeBook): Promise<TakenFile>;
  /** Tells of a file that could not be taken again and again, for a reason of our own. */
  untaken(name: string, bytes: Uint8Array, reason: string): FetchedMessage;
}
