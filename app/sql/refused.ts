/** Where something stands in a query, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Why a query is not run or did not end well, in words for whoever wrote it. */
export class QueryRefused extends Error {
  override name = 'QueryRefused';
  readonly place: Place | undefined;
  constructor(message: string, place?: Place) {
    super(message);
    this.place = place;
  }
}

/** Nothing is run that is not recorded. */
export class AuditUnavailable extends QueryRefused {
  override name = 'AuditUnavailable';
  constructor() {
    super('Every query is recorded, and the audit trail is unavailable: it was not run. Try again in a minute.');
  }
}

/** The place of a byte of a query's UTF-8 text, from 1 as ClickHouse counts. */
export function placeOfByte(sql: string, position: number): Place {
  const before = Buffer.from(sql, 'utf8')
    .subarray(0, position - 1)
    .toString('utf8');
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Where a name first stands in a query as a word of its own. */
export function placeOfName(sql: string, name: string): Place | undefined {
  const word = new RegExp(`(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?!\\w)`, 'iu');
  const at = word.exec(sql)?.index;
  return at === undefined ? undefined : placeOfByte(sql, Buffer.byteLength(sql.slice(0, at), 'utf8') + 1);
}
