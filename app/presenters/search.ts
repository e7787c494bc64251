import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { findByReference } from '#app/queries/find-by-reference.ts';
import { findCases } from '#app/queries/find-cases.ts';
import { maskText } from '#app/payloads/mask.ts';
import { connectorPath } from '#app/connectors/paths.ts';
import { incidentPath } from '#app/incidents/paths.ts';
import { roleWords } from '#app/words/connectors.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords } from '#app/words/names.ts';

export interface FoundItem {
  path: string;
  /** The identifier as people know it. */
  label: string;
  note: string;
}

/** What the palette found for `text`. */
export interface Found {
  text: string;
  groups: { heading: string; items: FoundItem[] }[];
  /** The question could not be answered; "nothing found" would be a lie. */
  failed?: boolean;
}

/** Names of the reference kinds of migrations/0005. */
const kindNames: Record<string, string> = {
  order_number: 'order number',
  external_id: 'external id',
  sku: 'SKU',
  erp_document: 'ERP document',
  tracking_number: 'tracking number',
  wms_order: 'warehouse order',
  shipment: 'shipment',
  customer_email: 'customer',
  business_key: 'order',
};

const limit = 8;

/** Finds orders and cases by the beginning of a number, connectors and incidents by name, as far as the viewer's roles go. */
export async function presentSearch(context: AppContext, viewer: Viewer, typed: string): Promise<Found> {
  const text = typed.trim();
  const folded = text.toLowerCase().slice(0, 200);
  if (folded.length < 3) return { text, groups: [] };
  const personal = may(viewer.roles, 'personal_data.read') ? 1 : 0;
  const [orders, cases] = await Promise.all([
    may(viewer.roles, 'orders.read')
      ? context.read(findByReference, { text: folded, with_personal: personal, limit })
      : [],
    may(viewer.roles, 'cases.read') ? context.read(findCases, { text: folded, limit }) : [],
  ]);
  const names = estateNames(context.estate);
  const groups = [
    {
      heading: 'Orders',
      items: orders.map(({ key, shown, found_by }) => ({
        path: `/orders/${encodeURIComponent(key)}`,
        label: shown,
        note: kindNames[found_by] ?? found_by,
      })),
    },
    {
      heading: 'Cases',
      items: cases.map((found) => ({
        path: `/quarantine/${encodeURIComponent(found.case_id)}`,
        label: found.business_key,
        note: inWords(maskText(found.error_message), names),
      })),
    },
  ];
  const connectors = {
    heading: 'Connectors',
    items: may(viewer.roles, 'figures.read') ? connectorsLike(context, folded) : [],
  };
  const incidents = {
    heading: 'Incidents',
    items: may(viewer.roles, 'figures.read') ? incidentsLike(context, folded) : [],
  };
  return { text, groups: [...groups, connectors, incidents].filter(({ items }) => items.length > 0) };
}

const connectorsLike = ({ estate }: AppContext, folded: string): FoundItem[] =>
  estate.systems
    .filter(({ id, name }) => id.includes(folded) || name.toLowerCase().includes(folded))
    .slice(0, limit)
    .map(({ id, name, role }) => ({ path: connectorPath(id), label: name, note: roleWords(role) }));

const incidentsLike = ({ incidents }: AppContext, folded: string): FoundItem[] =>
  incidents
    .all()
    .filter(({ incident_id, title }) => `${incident_id} ${title}`.toLowerCase().includes(folded))
    .slice(0, limit)
    .map(({ incident_id, title, state }) => ({
      path: incidentPath(incident_id),
      label: incident_id,
      note: `${title}, ${state}`,
    }));
