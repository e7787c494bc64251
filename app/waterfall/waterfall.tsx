import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Button } from '#app/components/button.tsx';
import { useClock } from '#app/components/clock.tsx';
import { formatDuration } from '#app/format.ts';
import { systemColour, systemName, type EstateNames } from '#app/words/names.ts';
import type { TraceEvent } from './bars.ts';
import { layoutWaterfall, type BarRow, type WaterfallRow } from './layout.ts';
import { Minimap } from './minimap.tsx';
import { TimeAxis, WaterfallRowView } from './rows.tsx';

interface WaterfallProps {
  events: readonly TraceEvent[];
  names: EstateNames;
  /** Id of the bar whose details are shown beside the page. */
  selected: string | undefined;
  onSelect: (bar: BarRow | undefined) => void;
}

const virtualFrom = 80;
const minimapFrom = 30;
const rowHeight = (row: WaterfallRow) =>
  row.kind === 'lane' ? 28 : row.kind === 'bar' && row.message !== '' ? 48 : 28;

/** A transaction's steps as swim lanes over time. Arrows move, Enter shows what was sent, Escape closes. */
export function Waterfall({ events, names, selected, onSelect }: WaterfallProps) {
  const clock = useClock();
  const [squeeze, setSqueeze] = useState(true);
  const [zoom, setZoom] = useState(1);
  const open = events.some((event) => event.status === 'started');
  const now = open ? clock.now : 0;
  const picture = useMemo(
    () => layoutWaterfall(events, { now, squeeze, nameOf: (id) => systemName(names, id) }),
    [events, now, squeeze, names],
  );
  const { rows } = picture;
  const [active, setActive] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = rows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index];
      return row === undefined ? 28 : rowHeight(row);
    },
    overscan: 10,
  });

  const show = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    setActive(row.id);
    if (virtual) virtualizer.scrollToIndex(index, { align: 'auto' });
    else document.getElementById(rowDomId(row.id))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const bars = rows.flatMap((row, index) => (row.kind === 'bar' ? [index] : []));
    const at = bars.findIndex((index) => rows[index]?.id === active);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      show(bars[Math.min(Math.max(to, 0), bars.length - 1)] ?? -1);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const row = rows.find((one) => one.id === active);
      if (row?.kind === 'bar') onSelect(row);
    } else if (event.key === 'Escape') onSelect(undefined);
  };

  const view = (row: WaterfallRow) => (
    <WaterfallRowView
      key={row.id}
      row={row}
      domId={rowDomId(row.id)}
      colour={systemColour(names, row.system)}
      active={row.id === active}
      selected={row.id === selected}
      onSelect={(bar) => {
        setActive(bar.id);
        onSelect(bar);
      }}
    />
  );
  const items = virtualizer.getVirtualItems();

  return (
    <div>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-label text-muted">
        <span>
          {formatDuration(picture.end - picture.start)} in all, of which nothing ran for{' '}
          {Math.round(picture.idle * 100)} %
        </span>
        {picture.waits.length > 0 && (
          <span>{picture.waits.map(({ label, duration }) => `${label} ${formatDuration(duration)}`).join(' · ')}</span>
        )}
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="inline-block h-0.5 w-4 bg-text" />
          critical path: what decided when it ended
        </span>
        <span className="ml-auto flex items-center gap-1">
          <Button look="quiet" aria-pressed={!squeeze} onClick={() => setSqueeze(!squeeze)}>
            {squeeze ? 'Waits to scale' : 'Shorten waits'}
          </Button>
          <Button
            look="quiet"
            aria-label="Zoom out"
            disabled={zoom === 1}
            onClick={() => setZoom(Math.max(1, zoom / 2))}
          >
            −
          </Button>
          <Button look="quiet" aria-label="Zoom in" disabled={zoom >= 16} onClick={() => setZoom(zoom * 2)}>
            +
          </Button>
        </span>
      </div>
      {rows.length > minimapFrom && <Minimap rows={rows} names={names} onPick={show} />}
      <div ref={scroller} className="max-h-[640px] overflow-auto">
        <div style={{ minWidth: `${zoom * 100}%` }} className="relative">
          <TimeAxis picture={picture} />
          <div
            role="listbox"
            tabIndex={0}
            aria-label="Steps by system and time"
            aria-activedescendant={active === undefined ? undefined : rowDomId(active)}
            onKeyDown={onKeyDown}
            className="relative"
            style={virtual ? { height: virtualizer.getTotalSize() } : undefined}
          >
            {virtual
              ? items.map((item) => {
                  const row = rows[item.index];
                  return row === undefined ? null : (
                    <div key={item.key} className="absolute inset-x-0" style={{ top: item.start, height: item.size }}>
                      {view(row)}
                    </div>
                  );
                })
              : rows.map(view)}
          </div>
        </div>
      </div>
    </div>
  );
}

const rowDomId = (id: string) => `step-${id.replace(/[^A-Za-z0-9]/g, '-')}`;
