import type { NatsConnection } from '@nats-io/nats-core';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Sessions } from '#app/auth/sessions.ts';
import type { ChangePassword } from '#app/auth/change-password.ts';
import type { SignIn } from '#app/auth/sign-in.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { ApiClients } from '#platform/http/api-clients.ts';
import type { Audit } from '#platform/audit.ts';
import type { Causes } from '#platform/causes.ts';
import type { Rates } from '#platform/rates.ts';
import type { UserStore } from '#platform/users.ts';
import type { ExportFile, ExportWindow } from '#app/exports/export-window.ts';
import type { ReadQuery } from '#app/queries/cached.ts';
import type { PayloadSchemas } from '#platform/payload-schemas.ts';
import type { ConnectorStates } from '#platform/connector-states.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import type { Warnings } from '#platform/warnings.ts';
import type { LiveHub } from '#app/live/hub.ts';
import type { Incidents } from './incidents.ts';
import type { RepairRuns } from './repair-runs.ts';
import type { Repairs } from '#app/server/repairs.ts';
import type { People } from '#app/people/people.ts';
import type { Looks } from '#app/presence/looks.ts';
import type { Presence } from '#app/presence/presence.ts';
import type { Analyst } from '#app/sql/analyst.ts';
import type { QueryStore } from '#app/sql/query-store.ts';
import type { Webhooks } from '#app/server/webhooks.ts';
import type { ViewStore } from '#app/views/view-store.ts';

/** What every loader and action receives as `context`. Built once per process, but for the fields of the request. */
export interface AppServices {
  /** The estate as it stands: with the modes that people decided. */
  readonly estate: Estate;
  log: Logger;
  /** Runs a named query; equal questions within a second are answered by one. */
  read: ReadQuery;
  /** Rows of a window of a table, as a file. @throws Refused 422 */
  exportWindow: (window: ExportWindow) => Promise<ExportFile>;
  /** Asks the engine for something on behalf of the viewer and returns what it said. Never throws for a refusal. */
  command: <N extends CommandName>(name: N, request: CommandRequest<N>) => Promise<CommandReply>;
  nats: NatsConnection;
  js: JetStreamClient;
  jsm: JetStreamManager;
  /** Latest state of every connector, as the engine keeps it. */
  connectors: ConnectorStates;
  /** Which connectors people have paused, as the engine keeps it. */
  switches: ConnectorSwitches;
  /** What the engine found to fail before long. */
  warnings: Warnings;
  /** What people decided about causes, as the engine keeps it. */
  causes: Causes;
  /** The rate table, as the engine keeps it. */
  rates: Rates;
  users: Pick<UserStore, 'byEmail'>;
  /** Repair rules and shadow runs, as the engine keeps them. */
  repairs: Repairs;
  incidents: Incidents;
  /** Who is told of what. */
  webhooks: Webhooks;
  sessions: Sessions;
  signIn: SignIn;
  changePassword: ChangePassword;
  audit: Audit;
  apiClients: ApiClients;
  views: ViewStore;
  /** Runs people's own queries. */
  analyst: Analyst;
  /** Where what they may ask lives. */
  queryDatabase: string;
  queries: QueryStore;
  repairRuns: RepairRuns;
  /** Colleagues, by id and by e-mail address. */
  people: People;
  /** Who has which case open. */
  presence: Presence;
  /** Records that somebody looked at a case. */
  looks: Looks;
  /** What the engine reads of payloads. */
  payloadSchemas: Pick<PayloadSchemas, 'get'>;
  live: LiveHub;
  now: () => Date;
}

export interface AppContext extends AppServices {
  /** Nonce of this response's content security policy. */
  cspNonce: string;
  /** Who asks; null when nobody is signed in. Use `requirePermission`, not this. */
  viewer: Viewer | null;
  /** The request came with a session that is over: signing in says so. */
  sessionEnded: boolean;
  /** Address of the asking client, for the audit and the rate limit. */
  clientAddress: string;
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext extends AppContext {
    /** Set by `LoaderFunctionArgs`; kept so that the interface stays an index signature's subtype. */
    cspNonce: string;
  }
}
