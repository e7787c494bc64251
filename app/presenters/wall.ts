import type { Condition } from '#app/components/status-mark.tsx';
import { formatDecimal, formatNumber } from '#app/format.ts';
import type { LiveView } from './live.ts';

export interface FailingArea {
  title: string;
  condition: Condition;
  lines: string[];
}

/** What the wallboard turns between: tiles that fail, connectors held back, failure groups that are open; worst first. */
export function failingAreas({ tiles, links, groups }: Pick<LiveView, 'tiles' | 'links' | 'groups'>): FailingArea[] {
  const areas: FailingArea[] = [];
  const open = groups.filter((group) => group.open > 0);
  // What has an area of its own is not told twice; cases older than the window have none.
  const told = new Set(['backlog', ...(open.length > 0 ? ['cases'] : [])]);
  for (const condition of ['bad', 'warn'] as const) {
    const held = links.filter((link) => link.condition === condition);
    if (held.length > 0)
      areas.push({
        title: condition === 'bad' ? 'Connectors stopped' : 'Connectors held back',
        condition,
        lines: held.map((link) => `${link.name}: ${link.word}, ${formatNumber(link.backlog)} messages held`),
      });
    for (const tile of tiles) {
      if (tile.condition !== condition || told.has(tile.id)) continue;
      const figure = [tile.value, tile.unit].join(' ').trim();
      areas.push({
        title: `${tile.figure.name}: ${tile.word}`,
        condition,
        lines: [[figure, tile.target].filter((part) => part !== '').join(', '), ...tile.beside.map(({ text }) => text)],
      });
    }
  }
  if (open.length > 0)
    areas.push({
      title: 'Orders stopped, by cause',
      condition: 'bad',
      lines: open.map(
        ({ message, open: count, value }) =>
          `${formatNumber(count)} × ${message} (${formatDecimal(value.amount, 0)} ${value.currency})`,
      ),
    });
  return areas;
}
