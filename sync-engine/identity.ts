import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { encodeToken } from '#contracts/v1/key.ts';
import type { Flow } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { compareAndSwap, getEntry, getJson, type KV, openBucket } from '#platform/nats/kv.ts';

const claim = z.object({ intake_seq: z.int(), at: z.string() });

/** References that lead to a transaction from outside; the others are searched in ClickHouse only. */
const INDEXED = ['ref_erp_document', 'ref_tracking_number', 'ref_payment'] as const;

/**
 * The durable index of external ids: which transaction an order, a document or a parcel belongs to. It outlives the
 * events, so that a known id never starts anew.
 */
export class Identity {
  readonly #kv: KV;

  private constructor(kv: KV) {
    this.#kv = kv;
  }

  static async open(nc: NatsConnection): Promise<Identity> {
    return new Identity(await openBucket(nc, buckets.identity));
  }

  /**
   * Claims a transaction for the message that may begin it.
   * @returns whether it is this message's: `first` or `again` after a crash, or `known` from another message.
   */
  async claim(flow: Flow, key: string, intakeSeq: number, at: string): Promise<'first' | 'again' | 'known'> {
    const name = `tx.${flow}.${key}`;
    crashPoint('engine.identity.before');
    const revision = await compareAndSwap(this.#kv, name, JSON.stringify({ intake_seq: intakeSeq, at }), 0);
    crashPoint('engine.identity.after');
    if (revision !== undefined) return 'first';
    const held = await getJson(this.#kv, name, claim);
    return held?.value.intake_seq === intakeSeq ? 'again' : 'known';
  }

  /** Takes back the claim of a message that began nothing after all. */
  async release(flow: Flow, key: string, intakeSeq: number): Promise<void> {
    const name = `tx.${flow}.${key}`;
    const held = await getJson(this.#kv, name, claim);
    if (held?.value.intake_seq === intakeSeq) await this.#kv.delete(name, { previousSeq: held.revision });
  }

  async isKnown(flow: Flow, key: string): Promise<boolean> {
    return (await getEntry(this.#kv, `tx.${flow}.${key}`)) !== undefined;
  }

  /** Makes the references among a step's attributes lead to its transaction. */
  async index(key: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    for (const kind of INDEXED) {
      const value = attributes[kind] ?? '';
      // An order may be paid for in several ways.
      for (const one of kind === 'ref_payment' ? value.split(' ') : [value]) {
        if (one === '') continue;
        crashPoint('engine.index.before');
        await this.#kv.put(`${kind}.${encodeToken(one)}`, key);
        crashPoint('engine.index.after');
      }
    }
  }

  /** The transaction a reference belongs to. */
  async find(kind: (typeof INDEXED)[number], value: string): Promise<string | undefined> {
    return (await getEntry(this.#kv, `${kind}.${encodeToken(value)}`))?.string();
  }
}
