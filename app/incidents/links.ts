import { causePath } from '#app/causes/paths.ts';
import { connectorPath } from '#app/connectors/paths.ts';
import { casePath } from '#app/orders/paths.ts';
import { runbookPath } from '#app/runbooks/runbooks.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { incidentLink, type IncidentLink } from '#contracts/v1/incident.ts';

/** What each kind of link is called. */
export const linkWords: Record<IncidentLink['kind'], string> = {
  cause: 'Cause',
  case: 'Case',
  connector: 'Connector',
  transaction: 'Transaction',
  runbook: 'Runbook',
};

/** Address of the page of what is linked. */
export function linkPath(link: IncidentLink): string {
  switch (link.kind) {
    case 'cause':
      return causePath(link.fingerprint);
    case 'case':
      return casePath(link.case_id);
    case 'connector':
      return connectorPath(link.connector_id);
    case 'transaction':
      return transactionPath(link.flow, link.key);
    case 'runbook':
      return runbookPath(link.error_class);
  }
}

const parsed = (link: object): IncidentLink | undefined => incidentLink.safeParse(link).data;

/** The link that `linkKey` wrote so. */
export function linkOfKey(text: string): IncidentLink | undefined {
  const [, kind = '', rest = ''] = /^([a-z]+):(.+)$/.exec(text) ?? [];
  const [, flow = '', key = ''] = /^([a-z_]+)\/(.+)$/.exec(rest) ?? [];
  return parsed({
    kind,
    ...(kind === 'cause' && { fingerprint: rest }),
    ...(kind === 'case' && { case_id: rest }),
    ...(kind === 'connector' && { connector_id: rest }),
    ...(kind === 'transaction' && { flow, key }),
    ...(kind === 'runbook' && { error_class: rest }),
  });
}

/** Pages that can be linked, by the beginning of their address; those of longer ones stand first. */
const pages: readonly (readonly [RegExp, (...parts: string[]) => object])[] = [
  [/^\/quarantine\/causes\/([^/]+)$/, (fingerprint) => ({ kind: 'cause', fingerprint })],
  [/^\/quarantine\/([^/]+)$/, (case_id) => ({ kind: 'case', case_id })],
  [/^\/connectors\/([^/]+)$/, (connector_id) => ({ kind: 'connector', connector_id })],
  [/^\/orders\/([^/]+)$/, (key) => ({ kind: 'transaction', flow: 'order_to_cash', key })],
  [/^\/transactions\/([^/]+)\/([^/]+)$/, (flow, key) => ({ kind: 'transaction', flow, key })],
  [/^\/runbooks\/([^/]+)$/, (error_class) => ({ kind: 'runbook', error_class })],
];

/** The link for a page of the console, by its address as a browser shows it, whole or from its first slash on. */
export function linkOfAddress(address: string): IncidentLink | undefined {
  if (!/^(https?:\/\/|\/)/.test(address)) return undefined;
  if (!URL.canParse(address, 'http://console')) return undefined;
  const url = new URL(address, 'http://console');
  const group = url.pathname === '/quarantine' ? url.searchParams.get('group') : null;
  if (group !== null) return parsed({ kind: 'cause', fingerprint: group });
  for (const [form, make] of pages) {
    const found = form.exec(url.pathname);
    if (found !== null) return parsed(make(...found.slice(1).map(decoded)));
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
