import { type ConnectorSwitch, connectorSwitch } from '#contracts/v1/connector-switch.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import { compareAndSwap, getJson, type KV } from '#platform/nats/kv.ts';

/** What a decision changes of a connector's switch. */
export type Decision = Omit<ConnectorSwitch, 'id' | 'version'>;

/** Writes what people decide about connectors, one decision after the other whoever takes it. */
export class ConnectorDecisions {
  readonly #kv: KV;
  readonly #learn: ConnectorSwitches['learn'];

  /**
   * @param kv - bucket CONNECTOR_SWITCHES
   * @param learn - tells this replica at once; the others hear of it by their watch
   */
  constructor(kv: KV, learn: ConnectorSwitches['learn']) {
    this.#kv = kv;
    this.#learn = learn;
  }

  /**
   * @param decide - what follows from how it stands (undefined where nobody ever decided); 'nothing' leaves it. May be asked
   * again where somebody else was faster.
   * @returns the switch as it stands then, and whether this changed it
   */
  async take(
    id: string,
    decide: (stands: ConnectorSwitch | undefined) => Decision | 'nothing',
  ): Promise<{ stands: ConnectorSwitch | undefined; changed: boolean }> {
    for (;;) {
      const stored = await getJson(this.#kv, id, connectorSwitch);
      const decision = decide(stored?.value);
      if (decision === 'nothing') return { stands: stored?.value, changed: false };
      const next: ConnectorSwitch = { ...decision, id, version: (stored?.value.version ?? 0) + 1 };
      if ((await compareAndSwap(this.#kv, id, JSON.stringify(next), stored?.revision ?? 0)) === undefined) continue;
      this.#learn(next);
      return { stands: next, changed: true };
    }
  }

  /** What was to be sent has been sent: it is paused, unless somebody decided otherwise meanwhile. */
  async finishDrain(id: string, drainedTo: number): Promise<void> {
    await this.take(id, (stands) => {
      if (stands === undefined) return 'nothing';
      if (stands.drain_to !== drainedTo) return 'nothing';
      const { drain_to: _, ...kept } = stands;
      return { ...kept, paused: true };
    });
  }
}
