import { createHmac, randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Customer } from '#contracts/v1/customer.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getEntry, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { type CustomerRecord, customerRecord, mergeCustomer, type Merged, type MergedFrom } from './merge.ts';
import { normalEmail, normalName, normalPhone } from './normal-forms.ts';
import { matchByPhone, notePhone, phoneEntries, type PhoneEntry } from './phone-matches.ts';

/** How somebody was recognised, or why they could not be: with whom they were about to be taken for one. */
export type Recognised =
  | { id: string; by: 'number' | 'email' | 'phone_and_name' | 'nothing' }
  | { doubtful: string; field: 'email' | 'phone' };

const HASH_KEY = 'hash-key';

/**
 * Customers of all systems, each person once. Whoever looks at the keys of the bucket learns nothing of anybody: they are
 * HMACs under a key that is made at the first start. Every write is a compare-and-swap, so that two replicas that meet
 * the same person at the same time make one of them.
 */
export class CustomerIndex {
  readonly #kv: KV;
  readonly #hashKey: string;

  private constructor(kv: KV, hashKey: string) {
    this.#kv = kv;
    this.#hashKey = hashKey;
  }

  static async open(nc: NatsConnection): Promise<CustomerIndex> {
    const kv = await openBucket(nc, buckets.customers);
    const made = randomBytes(32).toString('hex');
    // Of several replicas that start at once the first one's key is everybody's.
    await compareAndSwap(kv, HASH_KEY, made, 0);
    const held = await getEntry(kv, HASH_KEY);
    return new CustomerIndex(kv, held?.string() ?? made);
  }

  async record(id: string): Promise<CustomerRecord | undefined> {
    return (await getJson(this.#kv, `record.${id}`, customerRecord))?.value;
  }

  /** Finds out who it is and claims what they are recognised by. The same again finds the same. */
  async recognise(told: Customer, system: string): Promise<Recognised> {
    const memberKey = `member.${this.#hash('member', `${system} ${told.external_id}`)}`;
    const own = this.#hash('id', `${system} ${told.external_id}`).slice(0, 24);
    const email = normalEmail(told.email ?? '');
    const phone = normalPhone(told.phone ?? '');
    const name = normalName(told.full_name ?? '');
    const hashes = { name: name && this.#hash('name', name), email: email && this.#hash('email', email) };
    for (;;) {
      const asMember = await this.#at(memberKey);
      const asEmail = email === '' ? undefined : await this.#at(`email.${hashes.email}`);
      if (asMember !== undefined && asEmail !== undefined && asMember !== asEmail)
        return { doubtful: asEmail, field: 'email' };
      const phoneKey = `phone.${this.#hash('phone', phone)}`;
      const listed = phone === '' ? undefined : await getJson(this.#kv, phoneKey, phoneEntries);
      const entries: PhoneEntry[] = listed?.value ?? [];
      let id = asMember ?? asEmail;
      let by: Extract<Recognised, { id: string }>['by'] = asMember === undefined ? 'email' : 'number';
      if (id === undefined) {
        const found = matchByPhone(entries, { id: own, ...hashes });
        if (found !== undefined && 'doubtful' in found) return { doubtful: found.doubtful, field: 'phone' };
        [id, by] = found === undefined ? [own, 'nothing'] : [found.same, 'phone_and_name'];
      }
      // The phone first: who is first there is seen by whoever comes next, before either is somebody of their own.
      if (phone !== '') {
        const noted = notePhone(entries, { id, ...hashes }, id === own ? '' : own);
        const changed = JSON.stringify(noted) !== JSON.stringify(entries);
        if (changed && !(await this.#swap(phoneKey, JSON.stringify(noted), listed?.revision ?? 0))) continue;
      }
      if (email !== '' && asEmail === undefined && !(await this.#swap(`email.${hashes.email}`, id, 0))) continue;
      if (asMember === undefined && !(await this.#swap(memberKey, id, 0))) continue;
      return { id, by };
    }
  }

  /** Merges what a system says of somebody into what is known of them; only what changes anything is written. */
  async merge(id: string, told: Customer, from: MergedFrom): Promise<Merged> {
    for (;;) {
      const held = await getJson(this.#kv, `record.${id}`, customerRecord);
      const merged = mergeCustomer(held?.value, id, told, from);
      const text = JSON.stringify(merged.record);
      if (text === JSON.stringify(held?.value)) return merged;
      if (await this.#swap(`record.${id}`, text, held?.revision ?? 0)) return merged;
    }
  }

  async #at(key: string): Promise<string | undefined> {
    return (await getEntry(this.#kv, key))?.string();
  }

  async #swap(key: string, value: string, revision: number): Promise<boolean> {
    return (await compareAndSwap(this.#kv, key, value, revision)) !== undefined;
  }

  #hash(kind: string, value: string): string {
    return createHmac('sha256', this.#hashKey).update(`${kind} ${value}`).digest('hex');
  }
}
