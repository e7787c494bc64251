import type { Estate, System } from '#contracts/v1/estate.ts';
import { createGate, type ConnectorGate, type Switches } from '../work/gate.ts';
import { callVerb, prepareCall } from './call.ts';
import type { Connector, PreparedCall, Secrets, Send, Verb } from './connector.ts';
import type { Kinds } from './kinds.ts';
import type { ExchangeBook } from '../files/exchange-book.ts';
import type { ConnectorCall } from '../flows/inventory/connector-call.ts';
import type { VerbName } from './services.ts';

export interface OpenConnector {
  system: System;
  connector: Connector;
  gate: ConnectorGate;
}

/** Every connector of the estate that can be called, each behind its own limits and breaker. */
export class Connectors {
  readonly #open: ReadonlyMap<string, OpenConnector>;

  private constructor(open: ReadonlyMap<string, OpenConnector>) {
    this.#open = open;
  }

  /** @throws Error naming a setting or secret that a connector lacks. */
  static open(
    estate: Pick<Estate, 'systems'>,
    kinds: Kinds,
    secrets: Secrets,
    book?: ExchangeBook,
    switches?: Switches,
  ): Connectors {
    return new Connectors(
      new Map(
        estate.systems.map((system) => [
          system.id,
          {
            system,
            connector: kinds.of(system.id).open(system, secrets, book),
            gate: createGate(system, () => new Date(), switches),
          },
        ]),
      ),
    );
  }

  all(): IterableIterator<OpenConnector> {
    return this.#open.values();
  }

  /** Limits and breaker of a system, for what is done with it outside of its queue. @throws where there is none. */
  gateOf(system: string): ConnectorGate['run'] {
    const open = this.#open.get(system);
    if (open === undefined) throw new Error(`the estate has no system "${system}"`);
    return open.gate.run;
  }

  offers(system: string, verbName: VerbName): boolean {
    return this.#open.get(system)?.connector.services[verbName] !== undefined;
  }

  /** Is a call made from what is read first? */
  looksFirst(system: string, verbName: VerbName): boolean {
    return this.#open.get(system)?.connector.services[verbName]?.before !== undefined;
  }

  /** The call a verb would make, for a dry run. @throws ConnectorError */
  prepare(system: string, verbName: VerbName, input: unknown): Promise<PreparedCall> {
    const { verb, send } = this.#verb(system, verbName);
    return prepareCall(verb, input, send);
  }

  /** As `prepare`, but without the read that some calls need first: nothing at all is sent. @throws ConnectorError */
  prepareUnsent(system: string, verbName: VerbName, input: unknown): PreparedCall {
    return this.#verb(system, verbName).verb.prepare(input);
  }

  /** One call outside any transaction, under the connector's limits. @throws ConnectorError */
  readonly call: ConnectorCall = async (system, verbName, input) => {
    const { verb, send } = this.#verb(system, verbName);
    return (await callVerb(verb, input, send)).output as never;
  };

  /** What the system has of an earlier call with this input. `unknown` where its verb cannot be looked up. */
  async find(system: string, verbName: VerbName, input: unknown): Promise<{ found: unknown } | 'absent' | 'unknown'> {
    const { verb, send } = this.#verb(system, verbName);
    if (verb.find === undefined) return 'unknown';
    const found = await verb.find(input, send);
    return found === undefined ? 'absent' : { found };
  }

  /** The way to a system outside any transaction, under its connector's limits. */
  sender(systemId: string): Send {
    const open = this.#open.get(systemId);
    if (open === undefined) throw new Error(`the estate declares no system "${systemId}"`);
    return sendThrough(open);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ connector }) => connector.transport.close()));
  }

  #verb(systemId: string, verbName: VerbName): { verb: Verb<unknown, unknown>; send: Send } {
    const open = this.#open.get(systemId);
    const verb = open?.connector.services[verbName] as Verb<unknown, unknown> | undefined;
    if (open === undefined || verb === undefined) throw new Error(`${systemId} offers no ${verbName}`);
    return { verb, send: sendThrough(open) };
  }
}

const sendThrough =
  ({ connector, gate }: OpenConnector): Send =>
  (call) =>
    gate.run(() => connector.transport.send(call, { traceparent: newTraceparent() }));

const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const newTraceparent = (): string => `00-${hex(16)}-${hex(8)}-01`;
