import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { openUsers } from '#platform/users.ts';
import type { World } from './world.ts';

export interface ConsoleClient {
  /** Asks the API until it is answered: the console may be down at the moment. @throws where it refuses */
  get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>>;
  /** A file from the API, asked for until it came whole. */
  getText(path: string): Promise<string>;
  /** Asks the API once. Undefined where no answer came: then nobody knows whether it was done. */
  post(path: string, body: object): Promise<{ status: number; body: unknown } | undefined>;
  /** A file as a person downloads it, with the session of the sign-in, however often the console was down since. */
  download(path: string): Promise<string>;
  /** Requests that were not answered, or with a failure that says to try again. */
  readonly unanswered: number;
}

const CLIENT = 'repairer';
/** As cases and runs name it. */
export const clientActor = `api:${CLIENT}`;

const PATIENCE_MS = 20_000;
const AGAIN_MS = 500;
const GIVE_UP_MS = 180_000;

/** A program with a key, and a person who is signed in: both of this world's console. */
export async function openConsoleClient(world: World): Promise<ConsoleClient> {
  const url = world.consoleUrl;
  if (url === undefined) throw new Error('this world has no console');
  const key = await createKey(world);
  let unanswered = 0;

  async function once(path: string, init: RequestInit): Promise<{ status: number; text: string } | undefined> {
    try {
      const response = await fetch(`${url}${path}`, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const answer = { status: response.status, text: await response.text() };
      if (answer.status < 500) return answer;
    } catch {
      // Refused, broken off or too slow.
    }
    unanswered++;
    return undefined;
  }

  async function until(path: string, init: RequestInit): Promise<string> {
    const by = performance.now() + GIVE_UP_MS;
    for (;;) {
      const answer = await once(path, init);
      if (answer?.status === 200) return answer.text;
      if (answer !== undefined) throw new Error(`the console answered ${answer.status} to ${path}: ${answer.text}`);
      if (performance.now() > by) throw new Error(`the console does not answer ${path}`);
      await delay(AGAIN_MS);
    }
  }

  const authorised = { authorization: `Bearer ${key}` };
  const cookie = await signIn(world, url);
  return {
    get: async (path, schema) => schema.parse(JSON.parse(await until(path, { headers: authorised }))),
    getText: (path) => until(path, { headers: authorised }),
    post: async (path, body) => {
      const headers = { ...authorised, 'content-type': 'application/json' };
      const answer = await once(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer && { status: answer.status, body: JSON.parse(answer.text) as unknown };
    },
    download: (path) => until(path, { headers: { cookie } }),
    get unanswered() {
      return unanswered;
    },
  };
}

async function createKey(world: World): Promise<string> {
  const { key } = await createApiClient(
    await openBucket(world.nc, buckets.apiClients),
    {
      id: CLIENT,
      name: 'Repairs a cause',
      scopes: ['cases.read', 'cases.replay'],
      quota_per_minute: 100_000,
      system: 'shopify-us',
    },
    new Date(),
  );
  return key;
}

/** @returns the value of the Cookie header. */
async function signIn(world: World, url: string): Promise<string> {
  const person = { email: 'repairer@syncline.example', password: randomBytes(16).toString('hex') };
  await (await openUsers(world.nc)).create({ ...person, name: 'Repairs a cause', roles: ['operations'] });
  const response = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(person),
  });
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (cookies.length === 0) throw new Error(`nobody could sign in: ${response.status}`);
  return cookies.join('; ');
}
