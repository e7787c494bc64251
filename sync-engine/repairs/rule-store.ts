import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { repairRule, type RepairRule, RULES_SWITCH, type RulesSwitch, rulesSwitch } from '#contracts/v1/repair-rule.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';

export interface Stored<T> {
  value: T;
  seq: number;
}

/** Repair rules and their switch: each change is an event of its own, so that the subject is the version history. */
export class RuleStore {
  readonly #publisher: Publisher;
  readonly #manager: JetStreamManager;
  readonly #nonce: string;
  #writes = 0;

  constructor(publisher: Publisher, manager: JetStreamManager, nonce: string) {
    this.#publisher = publisher;
    this.#manager = manager;
    this.#nonce = nonce;
  }

  /** The rule as it is now, asked of the leader. */
  async rule(id: string): Promise<Stored<RepairRule> | undefined> {
    const last = await readLast(this.#manager, streams.repairs, subjects.repairRule(id));
    return last && { value: repairRule.parse(last.json()), seq: last.seq };
  }

  async switch(): Promise<Stored<RulesSwitch> | undefined> {
    const last = await readLast(this.#manager, streams.repairs, subjects.repairRule(RULES_SWITCH));
    return last && { value: rulesSwitch.parse(last.json()), seq: last.seq };
  }

  /** Writes the version after `current`. @returns undefined where somebody else wrote it first. */
  put(
    current: Stored<RepairRule> | undefined,
    rule: Omit<RepairRule, 'v' | 'event_id' | 'version'>,
  ): Promise<RepairRule | undefined> {
    const version = (current?.value.version ?? 0) + 1;
    return this.#append(rule.rule_id, current?.seq, {
      v: 1,
      event_id: this.#eventId(rule.rule_id, version),
      version,
      ...rule,
    });
  }

  putSwitch(
    current: Stored<RulesSwitch> | undefined,
    value: Omit<RulesSwitch, 'v' | 'event_id' | 'version'>,
  ): Promise<RulesSwitch | undefined> {
    const version = (current?.value.version ?? 0) + 1;
    return this.#append(RULES_SWITCH, current?.seq, {
      v: 1,
      event_id: this.#eventId(RULES_SWITCH, version),
      version,
      ...value,
    });
  }

  /** Tells this writer's version from one that another wrote under the same number. */
  #eventId(id: string, version: number): string {
    return `${id}:${version}:${this.#nonce}-r${(++this.#writes).toString(36)}`;
  }

  async #append<T extends { event_id: string; version: number }>(
    id: string,
    seq: number | undefined,
    value: T,
  ): Promise<T | undefined> {
    const result = await publishFenced(this.#publisher, this.#manager, {
      stream: streams.repairs,
      subject: subjects.repairRule(id),
      data: JSON.stringify(value),
      msgId: `rule:${id}:${value.version}`,
      expectedSeq: seq ?? 0,
      isMine: (last: StoredMsg) => last.json<{ event_id: string }>().event_id === value.event_id,
    });
    return result.won ? value : undefined;
  }
}
