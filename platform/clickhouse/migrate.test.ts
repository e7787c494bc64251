import { describe, expect, it } from 'vitest';
import { readMigrations, splitStatements, substitute } from './migrate.ts';

describe('migrations', () => {
  it('are numbered without a gap and begin by saying which question each table answers', async () => {
    const migrations = await readMigrations();
    expect(migrations.length).toBeGreaterThan(0);
    for (const { sql } of migrations) expect(sql).toMatch(/^-- /);
  });

  it('are split at the semicolons that end a line, without comments', () => {
    expect(splitStatements("-- why;\nCREATE TABLE a (x String);\n\nSELECT ';' AS b\n  -- inside\n  FROM a;\n")).toEqual(
      ['CREATE TABLE a (x String)', "SELECT ';' AS b\n  FROM a"],
    );
  });

  it('use Replicated engines on a cluster and plain ones without', () => {
    const sql = 'CREATE TABLE a $ON_CLUSTER (x String) ENGINE = $ENGINE(ReplacingMergeTree)';
    expect(substitute(sql, undefined)).toBe('CREATE TABLE a  (x String) ENGINE = ReplacingMergeTree');
    expect(substitute(sql, 'main')).toBe(
      "CREATE TABLE a ON CLUSTER 'main' (x String) ENGINE = ReplicatedReplacingMergeTree",
    );
  });
});
