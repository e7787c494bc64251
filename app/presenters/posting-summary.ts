import type { PostingsPrevented, PostingSummaryRow } from '#app/queries/postings.ts';
import { type EstateNames, systemName } from '#app/words/names.ts';
import { documentName } from '#app/words/postings.ts';

const none = { failed: 0, pending: 0, posted: 0, compensated: 0, superseded: 0, skipped: 0 };

type Where = Pick<PostingSummaryRow, 'system' | 'legal_entity' | 'document'>;
const idOf = ({ system, legal_entity, document }: Where): string => `${system} ${legal_entity} ${document}`;

/**
 * One line a system, legal entity and document that something was attempted of. A duplicate may have been prevented for a
 * posting that was tried again after the window, so a line may have nothing else. Pure.
 */
export function summarise(
  groups: readonly PostingSummaryRow[],
  prevented: readonly PostingsPrevented[],
  names: EstateNames,
) {
  const lines = new Map<string, Where & typeof none & { prevented: number }>(
    groups.map((group) => [idOf(group), { ...group, prevented: 0 }]),
  );
  for (const one of prevented) lines.set(idOf(one), { ...none, ...lines.get(idOf(one)), ...one });
  const summary = [...lines].map(([id, line]) => ({
    id,
    system: line.system,
    entity: line.legal_entity,
    document: line.document,
    systemName: systemName(names, line.system),
    entityName: (names.entities[line.legal_entity] ?? line.legal_entity) || 'none',
    documentName: documentName(line.document),
    attempted: line.failed + line.pending + line.posted + line.compensated + line.superseded,
    failed: line.failed,
    pending: line.pending,
    posted: line.posted,
    prevented: line.prevented,
  }));
  return summary.filter(({ attempted, prevented: found }) => attempted + found > 0);
}
export type PostingSummaryLine = ReturnType<typeof summarise>[number];
