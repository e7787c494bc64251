import type { JetStreamManager } from '@nats-io/jetstream';
import type { System } from '#contracts/v1/estate.ts';
import { type IntakeDomain, intakeDomains, streams, subjects } from '#contracts/v1/subjects.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import { maintenanceUntil } from '#platform/maintenance.ts';
import { getEntry, type KV } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import type { Evaluator, Findings } from './evaluator.ts';
import { endedFeeds } from './ended-feeds.ts';
import { afterLook, type FeedPace, feedPace, judge, newPace } from './feed-pace.ts';

export interface SilentFeedsOptions {
  manager: JetStreamManager;
  systems: readonly System[];
  kinds: { of(systemId: string): Pick<ConnectorDefinition, 'webhook' | 'poll' | 'files'> };
  switches: Pick<ConnectorSwitches, 'get'>;
  /** Bucket FEED_PACES. */
  paces: KV;
  now: () => Date;
}

const EVERY_MS = 60_000;

const brought: Record<IntakeDomain, string> = {
  order: 'orders',
  fulfilment: 'news of shipments',
  stock: 'stock',
  store: 'store batches',
  price: 'prices',
  customer: 'customers',
  return: 'returns',
  payment: 'news of payments',
  payout: 'payouts',
  master: 'products or mappings',
};

interface Feed {
  domain: IntakeDomain;
  system: System;
}

/**
 * Feeds of the estate that have brought something: what one system sends of one domain of intake.
 * @throws Error where the estate ends a feed that there is none of
 */
export function silentFeeds(options: SilentFeedsOptions): Evaluator {
  // What the file says is checked at the start, which stops with it.
  options.systems.forEach(endedFeeds);
  return {
    kind: 'feed_silent',
    everyMs: EVERY_MS,
    async evaluate(signal) {
      const findings: Findings = { warnings: [], unknown: [] };
      for (const feed of await feedsOf(options)) {
        signal.throwIfAborted();
        const pace = await look(feed, options);
        if (pace !== undefined) report(feed, pace, options, findings);
      }
      return findings;
    },
  };
}

/** Those that INTAKE holds something of, and those that it held something of before, less those that the estate says have ended. */
async function feedsOf({ manager, systems, paces }: SilentFeedsOptions): Promise<Feed[]> {
  const names = new Set<string>();
  const info = await manager.streams.info(streams.intake, { subjects_filter: 'intake.>' });
  for (const subject of Object.keys(info.state.subjects ?? {})) {
    const [, domain = '', system = '', ...topic] = subject.split('.');
    if (topic.length === 1) names.add(`${domain}.${system}`);
  }
  for (const name of await keysOf(paces)) names.add(name);
  return [...names].sort().flatMap((name) => {
    const [domainName, systemId] = name.split('.');
    const domain = intakeDomains.find((one) => one === domainName);
    const system = systems.find(({ id }) => id === systemId);
    if (domain === undefined || system === undefined || endedFeeds(system).has(domain)) return [];
    return [{ domain, system }];
  });
}

/** @returns undefined where nothing ever came. */
async function look({ domain, system }: Feed, options: SilentFeedsOptions): Promise<FeedPace | undefined> {
  const { manager, paces, now } = options;
  const name = `${domain}.${system.id}`;
  const known = await knownPace(paces, name);
  const message = await manager.streams.getMessage(streams.intake, {
    last_by_subj: subjects.intake(domain, system.id, '*'),
  });
  const at = now();
  const newest =
    message === null
      ? known && { seq: known.seq, at: new Date(known.last_at) }
      : { seq: message.seq, at: message.time };
  if (newest === undefined) return undefined;
  const taken = { at, newest, expected: isExpected(system, at, options) };
  const pace = known === undefined ? newPace(taken) : afterLook(known, taken);
  await paces.put(name, JSON.stringify(pace));
  return pace;
}

/** What another version wrote and this one cannot read is learned anew. */
async function knownPace(paces: KV, name: string): Promise<FeedPace | undefined> {
  const parsed = feedPace.safeParse((await getEntry(paces, name))?.json());
  return parsed.success ? parsed.data : undefined;
}

function isExpected(system: System, at: Date, { switches }: SilentFeedsOptions): boolean {
  const held = switches.get(system.id);
  return held?.paused !== true && maintenanceUntil(system, at, held?.windows) === undefined;
}

function report(feed: Feed, pace: FeedPace, options: SilentFeedsOptions, { warnings, unknown }: Findings): void {
  const { domain, system } = feed;
  const about = { id: `${domain}.${system.id}`, system: system.id, subject: `${system.name}: ${brought[domain]}` };
  const judged = judge(pace, options.now());
  switch (judged.state) {
    case 'well':
      return;
    case 'unknown':
      unknown.push({
        ...about,
        message: `Its usual pace is not known yet: it was watched for ${Math.floor(judged.looked)} of 60 minutes.`,
      });
      return;
    case 'silent':
      warnings.push({
        ...about,
        severity: judged.bad ? 'bad' : 'warn',
        message: `No ${brought[domain]} for far longer than usual: ${usually(judged.share)}. What it has sent since may be lost.`,
        remedy: remedyOf(feed, options),
        since: pace.last_at,
      });
  }
}

const usually = (share: number): string =>
  share >= 0.1
    ? `at this time ${Math.round(share * 10)} in 10 minutes bring some`
    : 'at this time few minutes bring some, yet many of those are missing';

function remedyOf({ domain, system }: Feed, { kinds }: SilentFeedsOptions): string {
  const { webhook, poll, files } = kinds.of(system.id);
  const what = [
    webhook === undefined ? [] : [`whether ${system.name} still sends webhooks to /intake/${webhook.path}`],
    poll === undefined ? [] : [`whether ${system.name} answers when it is asked`],
    files === undefined ? [] : [`whether ${system.name} still leaves files in its folder`],
  ].flat();
  const look =
    what.length === 0
      ? `Ask whoever runs ${system.name} whether it still calls Syncline’s API.`
      : `Look ${what.join(', and ')}.`;
  return `${look} If it was ended on purpose, name ${domain} in the setting ended_feeds of ${system.id} in the estate file.`;
}
