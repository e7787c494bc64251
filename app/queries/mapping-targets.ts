import type { JetStreamClient } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { encodeToken } from '#contracts/v1/key.ts';
import { mapping } from '#contracts/v1/mapping.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson } from '#platform/nats/kv.ts';

const mostTargets = 100;

/** What one code leads to now, empty where it is not mapped. */
export async function targetOf(js: JetStreamClient, kind: string, system: string, code: string): Promise<string> {
  const kv = await new Kvm(js).open(buckets.mappings);
  return (await getJson(kv, `${kind}.${system}.${encodeToken(code)}`, mapping))?.value.target ?? '';
}

/** The targets that codes of this kind lead to at a system, in alphabetical order, at most a hundred. */
export async function knownTargets(js: JetStreamClient, kind: string, system: string): Promise<string[]> {
  const kv = await new Kvm(js).open(buckets.mappings);
  const keys: string[] = [];
  for await (const key of await kv.keys(`${kind}.${system}.>`)) {
    keys.push(key);
    if (keys.length === mostTargets) break;
  }
  const found = await Promise.all(keys.map((key) => getJson(kv, key, mapping)));
  return [...new Set(found.flatMap((entry) => (entry ? [entry.value.target] : [])))].sort();
}
