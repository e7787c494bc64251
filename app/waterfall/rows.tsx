import { clsx } from 'clsx';
import { formatDuration } from '#app/format.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import type { BarRow, LaneRow, PlaceholderRow, Waterfall, WaterfallRow } from './layout.ts';
import { axisTicks } from './scale.ts';

const labelWidth = 'w-36 sm:w-56';
const textColour: Record<Condition, string> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  none: 'text-muted',
};

interface RowViewProps {
  row: WaterfallRow;
  domId: string;
  colour: string;
  active: boolean;
  selected: boolean;
  onSelect: (bar: BarRow) => void;
}

export function WaterfallRowView({ row, domId, colour, active, selected, onSelect }: RowViewProps) {
  switch (row.kind) {
    case 'lane':
      return <Lane row={row} colour={colour} />;
    case 'placeholder':
      return <Placeholder row={row} />;
    case 'bar':
      return (
        <div
          id={domId}
          role="option"
          aria-selected={selected}
          aria-label={describe(row)}
          onClick={() => onSelect(row)}
          className={clsx(
            'flex cursor-pointer border-t border-line hover:bg-hover',
            (active || selected) && 'bg-accent-soft',
            active && 'outline outline-accent -outline-offset-1',
          )}
        >
          <StepName row={row} highlighted={active || selected} />
          <Track row={row} colour={colour} />
        </div>
      );
  }
}

function Lane({ row, colour }: { row: LaneRow; colour: string }) {
  return (
    <div role="presentation" className="flex h-7 items-center border-t border-line-strong bg-surface">
      <div className="sticky left-0 flex items-center gap-2 px-3 font-medium">
        <span aria-hidden className="size-2 rounded-full" style={{ background: colour }} />
        {row.name}
        <span className="text-label font-normal text-muted">
          {row.count} {row.count === 1 ? 'step' : 'steps'}
          {row.failed > 0 && <span className="text-bad"> ■ {row.failed} failed</span>}
        </span>
      </div>
    </div>
  );
}

function StepName({ row, highlighted }: { row: BarRow; highlighted: boolean }) {
  return (
    <div
      className={clsx(
        'sticky left-0 z-10 shrink-0 px-3 py-1',
        labelWidth,
        highlighted ? 'bg-accent-soft' : 'bg-raised',
      )}
    >
      {/* The spaces keep words apart for whoever hears them. */}
      <span className="block truncate">{row.label}</span>{' '}
      {/* Keeps its place where it says nothing, beside the message under the bar. */}
      {row.message !== '' && <span className="block min-h-4 truncate text-label text-muted">{row.which}</span>}
      {row.message === '' && row.which !== '' && <span className="sr-only">{row.which}</span>}
    </div>
  );
}

/** The bar with the wait before it. The bar's word stands at its right, or left of it where the room is there. */
function Track({ row, colour }: { row: BarRow; colour: string }) {
  const { condition } = { condition: row.status.tone };
  const atLeft = row.offset + row.width > 62;
  // Words beside a hatched wait stand before it, or on a ground of their own where there is no room.
  const clear = atLeft && row.wait && row.wait.offset > 25 ? row.wait.offset : row.offset;
  const word = (
    <span
      className={clsx(
        'whitespace-nowrap text-label',
        textColour[condition],
        atLeft && row.wait && clear === row.offset && 'rounded bg-raised px-1',
      )}
    >
      <span aria-hidden>{row.status.glyph}</span> {row.message === '' && row.which !== '' ? `${row.which}: ` : ''}
      {row.status.word} <span className="text-muted">{row.duration > 0 ? formatDuration(row.duration) : ''}</span>
    </span>
  );
  return (
    <div className="relative min-w-0 flex-1 overflow-hidden py-1 pr-2">
      <div className="relative h-5">
        {row.wait && (
          <div
            title={`${row.wait.label}, ${formatDuration(row.wait.duration)}`}
            className="hatched absolute top-1.5 h-2"
            style={{ left: `${row.wait.offset}%`, width: `${row.wait.width}%` }}
          />
        )}
        <div className={clsx('absolute top-0.5 h-4 min-w-[3px]', barLook(row))} style={barStyle(row, colour)} />
        {row.critical && (
          <div
            aria-hidden
            className="absolute top-[19px] h-0.5 min-w-[3px] bg-text"
            style={{ left: `${row.offset}%`, width: `${row.width}%` }}
          />
        )}
        <div
          className="absolute top-0 flex h-5 items-center"
          style={
            atLeft
              ? { right: `${100 - clear}%`, paddingRight: 6 }
              : { left: `${row.offset + row.width}%`, paddingLeft: 8 }
          }
        >
          {word}
        </div>
      </div>
      {row.message !== '' && ' '}
      {row.message !== '' && (
        <p title={row.message} className={clsx('truncate text-label', textColour[condition])}>
          {row.message}
        </p>
      )}
    </div>
  );
}

/** Shape tells the state without colour: solid done, outlined failed with a heavy edge, dashed undone, open running. */
function barLook(row: BarRow): string {
  if (row.running) return 'rounded-l-[3px] border border-r-0 border-dashed animate-pulse';
  const { status } = row.attempt;
  if (status === 'failed' || status === 'quarantined') return 'rounded-[3px] border-2';
  if (status === 'retrying' || status === 'interrupted') return 'rounded-[3px] border';
  if (status === 'compensated' || status === 'skipped' || status === 'superseded')
    return 'rounded-[3px] border border-dashed';
  return 'rounded-[3px]';
}

function barStyle(
  row: BarRow,
  colour: string,
): { left: string; width: string; background: string; borderColor: string } {
  const tone = row.status.tone;
  const ink = tone === 'bad' ? 'var(--bad)' : tone === 'warn' ? 'var(--warn)' : colour;
  const hollow = row.running || ['compensated', 'skipped', 'superseded'].includes(row.attempt.status);
  const filled = tone === 'bad' || tone === 'warn' ? `color-mix(in srgb, ${ink} 35%, var(--raised))` : ink;
  return {
    left: `${row.offset}%`,
    width: `${row.width}%`,
    background: hollow ? 'transparent' : filled,
    borderColor: ink,
  };
}

function Placeholder({ row }: { row: PlaceholderRow }) {
  return (
    <div role="presentation" className="flex h-7 border-t border-line text-muted">
      <div className={clsx('sticky left-0 z-10 shrink-0 truncate bg-raised px-3 py-1 italic', labelWidth)}>
        {row.label}
      </div>
      <div className="relative flex-1">
        <div
          title={`Parent of ${row.children} steps; it was never recorded`}
          className="absolute top-2 h-3 min-w-[3px] rounded-[3px] border border-dotted border-line-strong"
          style={{ left: `${row.offset}%`, width: `${row.width}%` }}
        />
      </div>
    </div>
  );
}

/** Time since the first step, above the lanes; a shortened wait is a band that says how long it was. */
export function TimeAxis({ picture }: { picture: Waterfall }) {
  return (
    <div aria-hidden className="sticky top-0 z-20 flex h-6 border-b border-line bg-raised text-label text-muted">
      <div className={clsx('sticky left-0 shrink-0 bg-raised', labelWidth)} />
      <div className="relative flex-1 overflow-hidden">
        {axisTicks(picture.scale).map((tick, index) => (
          <span
            key={`${tick.percent} ${tick.squeezed} ${tick.label}`}
            className={clsx(
              'absolute top-1 border-l border-line-strong pl-1 whitespace-nowrap',
              tick.squeezed ? 'hatched h-4 border-0 px-1' : clsx('z-10', index > 0 && 'max-sm:hidden'),
            )}
            style={{ left: `${tick.percent}%`, ...(tick.squeezed ? { width: `${tick.width}%` } : {}) }}
          >
            <span className={clsx('bg-raised', tick.squeezed && 'max-sm:hidden')}>{tick.label}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

function describe(row: BarRow): string {
  const parts = [
    row.label,
    row.which,
    row.status.word,
    row.running ? `${formatDuration(row.duration)} so far` : row.duration > 0 ? formatDuration(row.duration) : '',
    row.message,
    row.wait ? `${row.wait.label} ${formatDuration(row.wait.duration)} before` : '',
    row.critical ? 'on the critical path' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
