import { useRef } from 'react';
import { systemColour, type EstateNames } from '#app/words/names.ts';
import type { WaterfallRow } from './layout.ts';

/** The whole of a long waterfall in little; a click brings that part into view. The keyboard has the list itself. */
export function Minimap({
  rows,
  names,
  onPick,
}: {
  rows: readonly WaterfallRow[];
  names: EstateNames;
  onPick: (index: number) => void;
}) {
  const box = useRef<SVGSVGElement>(null);
  const pick = (clientY: number) => {
    const area = box.current?.getBoundingClientRect();
    if (area) onPick(Math.floor(((clientY - area.top) / area.height) * rows.length));
  };
  return (
    <svg
      ref={box}
      aria-hidden
      viewBox={`0 0 100 ${rows.length}`}
      preserveAspectRatio="none"
      className="block h-16 w-full cursor-pointer border-b border-line bg-surface"
      onPointerDown={(event) => pick(event.clientY)}
      onPointerMove={(event) => (event.buttons === 1 ? pick(event.clientY) : undefined)}
    >
      {rows.map((row, index) =>
        row.kind === 'lane' ? null : (
          <rect
            key={row.id}
            x={row.offset}
            y={index + 0.15}
            width={Math.max(row.width, 0.4)}
            height={0.7}
            fill={row.kind === 'bar' && row.status.tone === 'bad' ? 'var(--bad)' : systemColour(names, row.system)}
          />
        ),
      )}
    </svg>
  );
}
