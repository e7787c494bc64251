import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Estate } from '#contracts/v1/estate.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { ConnectorError, type Secrets } from '../connectors/connector.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { PublishFetched } from '../intake/fetched-message.ts';
import type { Gate } from '../work/call-worker.ts';
import type { ExchangeBook } from './exchange-book.ts';
import type { FileExchange } from './file-exchange.ts';

interface Options {
  estate: Pick<Estate, 'systems'>;
  /** The estate as it stands: who is only observed may change. */
  standing: () => Pick<Estate, 'systems'>;
  kinds: Kinds;
  secrets: Secrets;
  /** Limits and breaker of a system. */
  gateOf: (system: string) => Gate;
  leases: Leases;
  publish: PublishFetched;
  book: ExchangeBook;
  log: Log;
}

/** Takes the files of every system that exchanges any, each on the one replica that holds its lease. */
export function holdFileExchanges(options: Options): void {
  for (const system of options.estate.systems) {
    const exchange = options.kinds.of(system.id).files?.(system, options.secrets);
    if (exchange !== undefined)
      options.leases.hold(`files-${system.id}`, (signal) => new FileTaker(system.id, exchange, options).run(signal));
  }
}

/** Tries of a file that fail for a reason of our own, and then somebody is told. */
const TOLD_AFTER = 5;

/**
 * Looks into one folder again and again. A file is whole when nothing of it changed between two looks. Looking is a call
 * like any other: it keeps to the system's limits, and its failures open the breaker, so that the connector is shown as
 * down and is asked again when it may be back.
 */
class FileTaker {
  readonly #system: string;
  readonly #exchange: FileExchange;
  readonly #options: Options;
  readonly #gate: Gate;
  /** Failed tries of files that still lie there. */
  readonly #failures = new Map<string, number>();
  /** Files that were taken and left where they are, since their system is only observed: their marks by name. */
  readonly #left = new Map<string, string>();

  constructor(system: string, exchange: FileExchange, options: Options) {
    this.#system = system;
    this.#exchange = exchange;
    this.#options = options;
    this.#gate = options.gateOf(system);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { drop, pollMs } = this.#exchange;
    const { log } = this.#options;
    let before = new Map<string, string>();
    try {
      while (!signal.aborted) {
        try {
          const untouched = this.#isObserved();
          if (!untouched) this.#left.clear();
          const seen = await this.#gate(() => drop.list({ untouched }));
          for (const [name, mark] of seen)
            if (before.get(name) === mark && this.#left.get(name) !== mark && !signal.aborted)
              await this.#takeOrLeave(name, mark);
          for (const known of [this.#failures, this.#left])
            for (const name of known.keys()) if (!seen.has(name)) known.delete(name);
          before = seen;
        } catch (error) {
          log.warn({ err: error, system: this.#system }, 'files could not be taken; trying again');
        }
        await delay(pollMs, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await drop.close();
    }
  }

  /** A file that cannot be taken stays where it is and is tried again at the next look; it holds up none behind it. */
  async #takeOrLeave(name: string, mark: string): Promise<void> {
    const { log } = this.#options;
    const system = this.#system;
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#gate(() => this.#exchange.drop.read(name));
      await this.#take(name, mark, bytes);
      this.#failures.delete(name);
    } catch (error) {
      log.warn({ err: error, system, file: name }, 'a file could not be taken; trying again');
      // What the system itself is the reason of is seen on its connector.
      if (bytes === undefined || error instanceof ConnectorError) return;
      const failures = (this.#failures.get(name) ?? 0) + 1;
      this.#failures.set(name, failures);
      if (failures === TOLD_AFTER) await this.#tell(name, bytes, error);
    }
  }

  /** Where that fails too, it is NATS that is away: then the next failure counts anew. */
  async #tell(name: string, bytes: Uint8Array, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : 'unknown';
    try {
      await this.#options.publish(this.#system, this.#exchange.untaken(name, bytes, reason));
    } catch (failure) {
      this.#failures.delete(name);
      this.#options.log.warn({ err: failure, system: this.#system, file: name }, 'nobody could be told of a file');
    }
  }

  /**
   * Durable first, then put away: a crash in between has the file taken once more, and everything done for it a second
   * time has the name it had the first time. At a system that is only observed nothing is changed: its file is neither
   * answered nor put away, and not answered later either.
   */
  async #take(name: string, mark: string, bytes: Uint8Array): Promise<void> {
    const { book } = this.#options;
    const digest = createHash('sha256').update(bytes).digest('hex');
    const known = { digest, file: name };
    const passedOver = await book.passedOver(this.#system, known);
    if (!passedOver) {
      const file = await this.#exchange.take(name, bytes, book);
      for (const message of file.messages) await this.#options.publish(this.#system, message);
      crashPoint('engine.file.taken');
      await file.note();
      if (this.#isObserved()) await book.passOver(this.#system, known);
      else await file.answer();
      crashPoint('engine.file.finished');
    }
    if (this.#isObserved()) this.#left.set(name, mark);
    else await this.#gate(() => this.#exchange.drop.archive(name, digest));
  }

  #isObserved(): boolean {
    return this.#options.standing().systems.some(({ id, mode }) => id === this.#system && mode === 'observe');
  }
}
