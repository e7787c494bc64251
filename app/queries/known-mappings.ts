import type { JetStreamClient } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { encodeToken } from '#contracts/v1/key.ts';
import { mapping } from '#contracts/v1/mapping.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson } from '#platform/nats/kv.ts';
import { entriesOf } from '#platform/nats/list.ts';

const mostMappings = 100;

/** A code and what it leads to. */
export interface KnownMapping {
  code: string;
  target: string;
}

/** What one code leads to now, empty where it is not mapped. */
export async function targetOf(js: JetStreamClient, kind: string, system: string, code: string): Promise<string> {
  const kv = await new Kvm(js).open(buckets.mappings);
  return (await getJson(kv, `${kind}.${system}.${encodeToken(code)}`, mapping))?.value.target ?? '';
}

/** The codes of this kind that are mapped for a system, in alphabetical order, at most a hundred. */
export async function knownMappings(js: JetStreamClient, kind: string, system: string): Promise<KnownMapping[]> {
  const kv = await new Kvm(js).open(buckets.mappings);
  const found: KnownMapping[] = [];
  for await (const entry of entriesOf(kv, `${kind}.${system}.>`)) {
    const { code, target } = mapping.parse(entry.json());
    found.push({ code, target });
    if (found.length === mostMappings) break;
  }
  return found.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** What these lead to, each once, in alphabetical order. */
export const targetsOf = (mappings: readonly KnownMapping[]): string[] =>
  [...new Set(mappings.map(({ target }) => target))].sort();
