import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';
import { inWords } from './failures.ts';
import { mayCall } from './functions.ts';
import { queryLimits } from './limits.ts';
import { placeOfName, QueryRefused } from './refused.ts';
import { readSyntaxTree, type SyntaxNode } from './syntax-tree.ts';

/** Parts that a SELECT may be made of. */
const parts = new Set(
  `SelectWithUnionQuery SelectIntersectExceptQuery SelectQuery ExpressionList Subquery WithElement TablesInSelectQuery
  TablesInSelectQueryElement TableExpression TableIdentifier TableJoin ArrayJoin Identifier Function Literal Asterisk
  QualifiedAsterisk OrderByElement WindowDefinition WindowListElement ColumnsRegexpMatcher ColumnsListMatcher
  QualifiedColumnsRegexpMatcher QualifiedColumnsListMatcher ColumnsTransformerList ColumnsExceptTransformer
  ColumnsReplaceTransformer ColumnsReplaceTransformer::Replacement SampleRatio InterpolateElement`.split(/\s+/),
);

/** What a part that is refused is in the language of who wrote it. */
const partWords: Readonly<Record<string, string>> = {
  Set: 'A query cannot change settings: take the SETTINGS clause away. Its limits are those of this page.',
  ColumnsApplyTransformer: 'APPLY is not offered: write the function around each column.',
};

const onlySelect = 'Only one SELECT, or WITH … SELECT, can be asked, without INTO OUTFILE and FORMAT.';
const tableNames = new Set(queryTables.map(({ name }) => name));

/**
 * Judges a query by ClickHouse's own reading of it, never by its text. ClickHouse first prints it anew, which fails unless
 * it is exactly one statement and leaves no comment; then it prints the syntax tree of just that text, of which every
 * node must be one that is allowed. What is returned is what was judged, with the times of the page in their places.
 * @throws QueryRefused with the reason in words
 */
export async function admit(
  clickhouse: Pick<ClickHouse, 'query' | 'explain'>,
  sql: string,
  window: { from: string; to: string },
): Promise<string> {
  if (sql.trim() === '') throw new QueryRefused('Write a SELECT first.');
  if (sql.length > queryLimits.characters)
    throw new QueryRefused(`The query is longer than ${queryLimits.characters} characters.`);
  try {
    const printed = withTimes(await printAnew(clickhouse, sql), window);
    if (!/^[\s(]*(SELECT|WITH)\b/.test(printed)) throw new QueryRefused(onlySelect, { line: 1, column: 1 });
    check(readSyntaxTree(await clickhouse.explain(`AST ${printed}`)), sql);
    return printed;
  } catch (error) {
    throw inWords(error, sql);
  }
}

async function printAnew(clickhouse: Pick<ClickHouse, 'query'>, sql: string): Promise<string> {
  const [row] = await clickhouse.query('SELECT formatQuerySingleLine({sql:String}) AS printed', {
    params: { sql },
    timeLimit: 5,
  });
  return String(row?.['printed']);
}

/** Puts the window into the places {from:DateTime…} and {to:DateTime…}, which are left alone in texts and names. */
function withTimes(printed: string, window: { from: string; to: string }): string {
  return printed.replace(
    /'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\{(from|to):DateTime[^}]*\}/gs,
    (all, name: 'from' | 'to' | undefined) =>
      name === undefined
        ? all
        : `toDateTime64('${new Date(window[name]).toISOString().replace('T', ' ').replace('Z', '')}', 3, 'UTC')`,
  );
}

function check(node: SyntaxNode, sql: string): void {
  if (!parts.has(node.kind))
    throw new QueryRefused(partWords[node.kind] ?? `This part of SQL is not offered here (${node.kind}).`);
  // Beside the SELECTs stand the file of INTO OUTFILE, the name of a FORMAT, and SETTINGS.
  if (
    node.kind === 'SelectWithUnionQuery' &&
    node.children.some(({ kind }) => kind === 'Literal' || kind === 'Identifier')
  )
    throw new QueryRefused(onlySelect);
  if (node.kind === 'Function') checkCall(node, sql);
  if (node.kind === 'TableIdentifier') checkTable(node.text, sql);
  for (const child of node.children) check(child, sql);
}

function checkCall({ text, children }: SyntaxNode, sql: string): void {
  if (!mayCall(text)) throw new QueryRefused(`The function ${text} is not offered here.`, placeOfName(sql, text));
  // `x IN name` reads the table of that name where there is no such column.
  const [, set] = children[0]?.children ?? [];
  if (/^(global)?(not)?in$/i.test(text) && set?.kind === 'Identifier')
    throw new QueryRefused(
      `Write what is looked for after IN as a list or as a subquery: IN (SELECT … FROM ${set.text}).`,
      placeOfName(sql, set.text),
    );
}

/** A name without a dot means a part of WITH or a table of Query's own database, which holds nothing else. */
function checkTable(name: string, sql: string): void {
  if (/^\w+$/.test(name)) return;
  throw new QueryRefused(
    `There is no table ${name} here. Offered are ${[...tableNames].join(', ')}.`,
    placeOfName(sql, name),
  );
}
