import type { NatsConnection } from '@nats-io/nats-core';
import { payloadSchema, type PayloadSchema } from '#contracts/v1/payload-schema.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getEntry, openBucket } from './nats/kv.ts';

/** What the engine reads of messages that are JSON, in KV bucket PAYLOAD_SCHEMAS. */
export interface PayloadSchemas {
  /** Undefined where the engine has said nothing of such messages: they are not JSON, or it has not run yet. */
  get(key: string): Promise<PayloadSchema | undefined>;
  /** Says it for whoever shows or edits such messages; what stands there already is not written again. */
  put(schemas: ReadonlyMap<string, PayloadSchema>): Promise<void>;
}

export async function openPayloadSchemas(nc: NatsConnection): Promise<PayloadSchemas> {
  const kv = await openBucket(nc, buckets.payloadSchemas);
  return {
    get: async (key) => payloadSchema.safeParse((await getEntry(kv, key))?.json()).data,
    put: async (schemas) => {
      for (const [key, schema] of schemas) {
        const text = JSON.stringify(schema);
        if ((await getEntry(kv, key))?.string() !== text) await kv.put(key, text);
      }
    },
  };
}
