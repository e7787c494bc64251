import { useNavigate } from '@remix-run/react';
import { clsx } from 'clsx';
import { type KeyboardEvent, useId, useState } from 'react';
import { formatNumber } from '#app/format.ts';
import { countTicks } from '#app/presenters/ticks.ts';

export interface BrushBar {
  id: string;
  /** What the bar counts, in words: "14:00 to 14:05". */
  name: string;
  /** Under the axis; empty where there is no room. */
  tick: string;
  well: number;
  troubled: number;
  /** Not all of it is counted yet. */
  open?: boolean;
  /** Among what is chosen already. */
  chosen?: boolean;
  path: string;
}

export interface BrushMark {
  name: string;
  /** From 0 at the left edge to 1 at the right. */
  at: number;
}

interface Props {
  /** For screen readers: what the bars are. */
  label: string;
  bars: readonly BrushBar[];
  marks?: readonly BrushMark[];
  /** Address where the bars from one to another are chosen. */
  span: (first: number, last: number) => string;
}

const described = ({ name, well, troubled, open }: BrushBar) =>
  `${name}: ${formatNumber(well + troubled)}${troubled > 0 ? `, ${formatNumber(troubled)} in trouble` : ''}${open ? ' (not all of it yet)' : ''}`;

/**
 * Stacked bars of counts. A click leads to what a bar counts, dragging over several chooses them; by keyboard the arrows
 * move, with Shift they choose, Enter goes there. What is in trouble is hatched, so that colour is not all that tells.
 */
export function BrushBars({ label, bars, marks = [], span }: Props) {
  const navigate = useNavigate();
  const id = useId();
  const [at, setAt] = useState<{ from: number; to: number }>();
  const [pressed, setPressed] = useState(false);
  const most = Math.max(1, ...bars.map(({ well, troubled }) => well + troubled));
  const ticks = countTicks(most);
  const top = ticks.at(-1) ?? most;
  const [first, last] = at ? [Math.min(at.from, at.to), Math.max(at.from, at.to)] : [-1, -1];
  const hovered = at === undefined ? undefined : bars[at.to];

  const go = () => {
    setPressed(false);
    const only = bars[first];
    if (only !== undefined) navigate(first === last ? only.path : span(first, last), { preventScrollReset: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return go();
    const now = at?.to ?? -1;
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), bars.length - 1);
    setAt({ from: event.shiftKey && at !== undefined ? at.from : next, to: next });
  };

  return (
    <div className="flex h-full flex-col">
      <p aria-hidden className="h-5 truncate text-label text-muted">
        {first !== last && hovered !== undefined
          ? `${bars[first]?.name ?? ''} … ${bars[last]?.name ?? ''}: let go, or press Enter, to choose`
          : hovered === undefined
            ? 'Click a bar for its transactions, drag over several to choose them'
            : described(hovered)}
      </p>
      <div className="flex min-h-0 flex-1">
        <div aria-hidden className="relative w-12 shrink-0 text-right text-label text-muted">
          {ticks.map((tick) => (
            <span
              key={tick}
              className="absolute right-1.5 -translate-y-1/2"
              style={{ top: `${100 - (100 * tick) / top}%` }}
            >
              {formatNumber(tick)}
            </span>
          ))}
        </div>
        <div
          role="listbox"
          tabIndex={0}
          aria-label={label}
          aria-activedescendant={at === undefined ? undefined : `${id}-${at.to}`}
          onKeyDown={onKeyDown}
          onBlur={() => setAt(undefined)}
          onPointerLeave={() => {
            setAt(undefined);
            setPressed(false);
          }}
          onPointerUp={() => pressed && go()}
          className="relative flex min-w-0 flex-1 cursor-crosshair touch-pan-y border-b border-line-strong select-none"
        >
          {ticks.slice(1).map((tick) => (
            <span
              key={tick}
              aria-hidden
              className="absolute inset-x-0 border-t border-line"
              style={{ top: `${100 - (100 * tick) / top}%` }}
            />
          ))}
          {bars.map((bar, index) => (
            <div
              key={bar.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index >= first && index <= last}
              aria-label={described(bar)}
              onPointerDown={(event) => {
                event.currentTarget.releasePointerCapture(event.pointerId);
                setPressed(true);
                setAt({ from: index, to: index });
              }}
              onPointerEnter={() =>
                setAt((now) => (pressed && now ? { ...now, to: index } : { from: index, to: index }))
              }
              className={clsx(
                'relative flex h-full min-w-0 flex-1 flex-col justify-end px-px',
                (bar.chosen === true || (index >= first && index <= last)) && 'bg-accent-soft',
              )}
            >
              <Part
                share={bar.troubled / top}
                look={bar.open ? 'border border-b-0 border-dashed border-bad' : 'bar-troubled'}
              />
              <Part
                share={bar.well / top}
                look={bar.open ? 'border border-b-0 border-dashed border-category-1' : 'bg-category-1'}
              />
            </div>
          ))}
          {marks.map((mark, index) => (
            <span
              key={mark.name}
              aria-hidden
              className="pointer-events-none absolute inset-y-0 border-l border-dashed border-text"
              style={{ left: `${100 * mark.at}%` }}
            >
              <span
                className={clsx(
                  'absolute rounded bg-raised px-1 text-label whitespace-nowrap',
                  mark.at > 0.7 ? 'right-0.5' : 'left-0.5',
                )}
                style={{ top: index * 18 }}
              >
                {mark.name}
              </span>
            </span>
          ))}
        </div>
      </div>
      <div aria-hidden className="ml-12 flex h-5 text-label text-muted">
        {bars.map((bar) => (
          <span key={bar.id} className="relative min-w-0 flex-1">
            <span className="absolute left-0 whitespace-nowrap">{bar.tick}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

/** A part of a bar; what counts something is always seen. */
function Part({ share, look }: { share: number; look: string }) {
  if (share === 0) return null;
  return <span aria-hidden className={clsx('block shrink-0', look)} style={{ height: `max(2px, ${100 * share}%)` }} />;
}

/** What the parts of the bars are. */
export function BarLegend() {
  return (
    <ul className="flex gap-3 text-label text-muted">
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="size-2.5 bg-category-1" /> well
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="bar-troubled size-2.5" /> in trouble
      </li>
    </ul>
  );
}
