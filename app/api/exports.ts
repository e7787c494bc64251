import { z } from 'zod';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { exportFormatNames, exportFormats, mostDays, mostRows } from '#app/exports/export-window.ts';
import { exportNames, exportTables } from '#app/exports/tables.ts';
import { invalid } from '#platform/http/problem.ts';
import { operation } from './operation.ts';

const table = z.enum(exportNames);
const described = exportNames.map(
  (name) => `\`${name}\` (by \`${exportTables[name].time}\`): ${exportTables[name].about}`,
);

const exportTable = operation({
  method: 'GET',
  path: '/api/v1/exports/:id',
  tag: 'Exports',
  summary: 'A table for analysis as Parquet, CSV or JSON lines',
  description: [
    `All rows of a window [from, to) of at most ${mostDays} days and ${mostRows} rows, without personal data.`,
    'Rows may be restated by events that arrive late: a nightly load reads the last days again and replaces by key.',
    ...described,
  ].join('\n\n'),
  scope: 'figures.read',
  id: { description: `One of ${exportNames.join(', ')}`, schema: table },
  query: {
    from: { description: 'Beginning of the window, RFC 3339; required', schema: offsetDateTime },
    to: { description: 'End of the window, not in it; now where it is not given', schema: offsetDateTime },
    format: { description: 'parquet where it is not given', schema: z.enum(exportFormatNames) },
  },
  answer: { files: Object.values(exportFormats).map(({ type }) => type) },
  handle: ({ services, id, query }) => {
    if (query.from === undefined) throw invalid('The query is not valid.', [{ path: 'from', message: 'is required' }]);
    return services.exportWindow({
      name: table.parse(id),
      format: query.format ?? 'parquet',
      from: new Date(query.from),
      to: query.to === undefined ? services.now() : new Date(query.to),
    });
  },
});

export const exportOperations = [exportTable];
