import type { BooksDomain, Estate } from '#contracts/v1/estate.ts';

type LegalEntity = Estate['legal_entities'][number];

export interface Books {
  erp: string;
  /** What the entity is called in that ERP. */
  subsidiary: string;
}

/**
 * Whose books a document goes into: those that were in force for its domain when what it belongs to began, RFC 3339. So
 * every document of an order is in one ERP, whenever it is posted, and a migration needs no moment at which all is still.
 */
export function booksAt(entity: LegalEntity, domain: BooksDomain, began: string): Books {
  const moves = (entity.moves ?? []).filter(({ domains, from }) => domains.includes(domain) && from <= began);
  const last = moves.sort((a, b) => a.from.localeCompare(b.from)).at(-1);
  return last === undefined
    ? { erp: entity.erp, subsidiary: entity.erp_subsidiary }
    : { erp: last.erp, subsidiary: last.erp_subsidiary };
}

/** Every set of books an entity has or had. */
export const allBooksOf = ({ erp, erp_subsidiary, moves = [] }: LegalEntity): Books[] => [
  { erp, subsidiary: erp_subsidiary },
  ...moves.map((move) => ({ erp: move.erp, subsidiary: move.erp_subsidiary })),
];
