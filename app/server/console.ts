import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { openAttempts } from '#app/auth/attempts.ts';
import { createChangePassword } from '#app/auth/change-password.ts';
import { openSessions } from '#app/auth/sessions.ts';
import { createSignIn } from '#app/auth/sign-in.ts';
import { openLiveHub } from '#app/live/hub.ts';
import { shareAnswers } from '#app/queries/cached.ts';
import { openPeople } from '#app/people/people.ts';
import { openLooks } from '#app/presence/looks.ts';
import { openPresence } from '#app/presence/presence.ts';
import { openAnalyst } from '#app/sql/analyst.ts';
import { openQueryStore } from '#app/sql/query-store.ts';
import { openViews } from '#app/views/view-store.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { followCauses } from '#platform/causes.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { exportWindow } from '#app/exports/export-window.ts';
import { queryDatabase } from '#platform/clickhouse/query-views.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { watchApiClients } from '#platform/http/api-clients.ts';
import type { Log } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { standEstate } from '#platform/standing-estate.ts';
import { openPayloadSchemas } from '#platform/payload-schemas.ts';
import { followRates } from '#platform/rates.ts';
import { openUsers } from '#platform/users.ts';
import type { Bundle } from './bundle.ts';
import { watchConnectorStates } from '#platform/connector-states.ts';
import { followConnectorSwitches } from '#platform/connector-switches.ts';
import { watchWarnings } from '#platform/warnings.ts';
import type { AppServices } from './context.ts';
import { followRepairRuns } from './repair-runs.ts';
import { createHost, isHttps } from './host.ts';
import { followIncidents } from './incidents.ts';
import { followRepairs } from './repairs.ts';
import { openWebhooks } from './webhooks.ts';

export interface ConsoleOptions {
  nats: NatsConnection;
  clickhouse: ClickHouse;
  estate: Estate;
  log: Log;
  metrics: Metrics;
  /** From app/server/bundle.ts: what `npm run build` left, or Vite in development. */
  bundle: Bundle;
  publicOrigin?: string;
  trustedProxies?: number;
  /** What time it is, for a history that has ended; the machine's time where it is not said. */
  now?: () => Date;
}

export interface Console {
  server: Server;
  services: AppServices;
  /** Begins to listen; 0 chooses a free port. @returns the port */
  listen(port: number, host?: string): Promise<number>;
  /** Ends live streams, finishes running requests and lets go of NATS subscriptions. The connections are the caller's. */
  close(): Promise<void>;
}

/** The console as a value: everything it needs comes in, so that it runs alone or beside ingest in one process. */
export async function createConsole(options: ConsoleOptions): Promise<Console> {
  const services = await openServices(options);
  const server = createHost({
    services,
    bundle: options.bundle,
    metrics: options.metrics,
    trustedProxies: options.trustedProxies ?? 0,
    ready: async () => [
      ...(services.live.isUp() ? [] : ['NATS does not answer']),
      ...((await options.clickhouse.ping()) ? [] : ['ClickHouse does not answer']),
    ],
    ...(options.publicOrigin === undefined ? {} : { publicOrigin: options.publicOrigin }),
  });
  return {
    server,
    services,
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject).listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await services.live.close();
      services.connectors.close();
      services.switches.stop();
      services.warnings.stop();
      services.repairRuns.close();
      services.causes.stop();
      services.incidents.close();
      services.rates.stop();
      services.repairs.close();
      services.presence.close();
      services.apiClients.stop();
      await services.analyst.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function openServices(options: ConsoleOptions): Promise<AppServices> {
  const { nats, log, estate } = options;
  const now = options.now ?? (() => new Date());
  const users = await openUsers(nats);
  const audit = await openAudit(nats, log);
  const sessions = await openSessions(nats, users, { https: isHttps(options.publicOrigin) });
  const attempts = await openAttempts(nats);
  const js = jetstream(nats);
  const jsm = await jetstreamManager(nats);
  const causes = await followCauses(nats, log);
  await causes.ready;
  const live = openLiveHub(nats, log);
  const presence = await openPresence(nats, log);
  presence.listen((caseId) => live.tell({ type: 'presence', caseId }));
  const incidents = await followIncidents(js, jsm, log);
  incidents.onChange((incidentId) => live.tell({ type: 'incidents', incidentId }));
  const switches = await followConnectorSwitches(nats, log);
  const standing = standEstate(estate, switches);
  const apiClients = await watchApiClients(await openBucket(nats, buckets.apiClients), log);
  await apiClients.ready;
  return {
    get estate() {
      return standing.now();
    },
    log,
    nats,
    audit,
    apiClients,
    sessions,
    views: await openViews(nats),
    analyst: openAnalyst({ clickhouse: options.clickhouse, audit, log }),
    queryDatabase: queryDatabase(options.clickhouse),
    queries: await openQueryStore(nats),
    js,
    jsm,
    repairRuns: await followRepairRuns(js, jsm, log),
    people: openPeople(users),
    presence,
    looks: await openLooks(nats, audit),
    payloadSchemas: await openPayloadSchemas(nats),
    exportWindow: (window) => exportWindow(options.clickhouse, window),
    read: shareAnswers((query, params) => runQuery(options.clickhouse, query, params), {
      onLanded: (forget) => live.beforeNudge(forget),
    }),
    command: (name, request) => requestCommand(nats, name, request),
    connectors: await watchConnectorStates(nats, log),
    switches,
    warnings: await watchWarnings(nats, log),
    causes,
    incidents,
    rates: await followRates(nats, log, estate, now),
    repairs: await followRepairs(js, jsm, log),
    webhooks: await openWebhooks(nats),
    users,
    signIn: createSignIn({ users, sessions, attempts, audit }),
    changePassword: createChangePassword({ users, sessions, attempts, audit }),
    live,
    now,
  };
}
