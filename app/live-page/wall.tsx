import { clsx } from 'clsx';
import { useClock } from '#app/components/clock.tsx';
import { Sparkline } from '#app/components/sparkline.tsx';
import { StatusMark, type Condition } from '#app/components/status-mark.tsx';
import { formatClock } from '#app/format.ts';
import { useOpenIncidents } from '#app/incidents/open-incidents.tsx';
import { ForSoLong } from '#app/incidents/so-far.tsx';
import { LiveAge } from '#app/live/live-age.tsx';
import type { LiveView } from '#app/presenters/live.ts';
import { failingAreas } from '#app/presenters/wall.ts';

const turnMs = 12_000;

const grounds: Record<Condition, string> = {
  good: 'border-line',
  none: 'border-line',
  info: 'border-info',
  warn: 'border-warn',
  bad: 'border-bad bg-bad-soft',
};

/** Wallboard: dark, no scrolling, to be read at four metres; the lower part turns between the areas that fail. */
export function Wall({ live, estateName }: { live: LiveView; estateName: string }) {
  const { now, timeZone } = useClock();
  const areas = failingAreas(live);
  const turn = areas.length === 0 ? 0 : Math.floor(now / turnMs) % areas.length;
  const area = areas[turn];
  return (
    <main className="flex h-dvh flex-col gap-[1.2vw] overflow-hidden p-[1.4vw]">
      <header className="flex items-baseline justify-between gap-[2vw] text-[1.3vw] leading-[1.5]">
        <h1 className="font-semibold">
          {estateName}
          {live.simulation !== 'none' && (
            <span className="ml-[1vw] text-warn">{live.simulation === 'data' && 'some data '}simulated</span>
          )}
        </h1>
        <span className="text-muted">{live.range.words}</span>
        <WallIncident />
        <LiveAge />
        <time suppressHydrationWarning>{formatClock(now, timeZone, true)}</time>
      </header>
      <div className="grid flex-1 grid-cols-3 grid-rows-2 gap-[1vw]">
        {live.tiles.map((tile) => (
          <section
            key={tile.id}
            className={clsx('flex min-h-0 flex-col rounded border bg-raised p-[1.1vw]', grounds[tile.condition])}
          >
            <h2 className="flex items-baseline justify-between gap-[1vw] text-[1.35vw] leading-[1.4] text-muted">
              <span className="truncate">{tile.figure.name}</span>
              <StatusMark condition={tile.condition} word={tile.word} />
            </h2>
            <p className="flex flex-1 items-center gap-[0.8vw]">
              <span className="text-[6vw] leading-none font-semibold tracking-tight">{tile.value}</span>
              <span className="text-[1.8vw] text-muted">{tile.unit}</span>
              {tile.spark && (
                <span className="ml-auto w-[9vw] self-center">
                  <Sparkline
                    points={tile.spark.points}
                    target={tile.spark.target}
                    label={tile.spark.label}
                    className="h-[4vw]"
                  />
                </span>
              )}
            </p>
            <p className="truncate text-[1.3vw] leading-[1.4]">{tile.beside.at(-1)?.text ?? tile.target}</p>
          </section>
        ))}
      </div>
      <section aria-live="off" className="h-[19vh] shrink-0 rounded border border-line bg-raised p-[1.1vw]">
        {area ? (
          <>
            <h2 className="flex items-baseline justify-between text-[1.6vw] leading-[1.4]">
              <StatusMark condition={area.condition} word={area.title} className="font-semibold" />
              <span className="text-[1.1vw] text-muted">
                {turn + 1} of {areas.length}
              </span>
            </h2>
            {area.lines.slice(0, 3).map((line) => (
              <p key={line} className="truncate text-[1.5vw] leading-[1.45]">
                {line}
              </p>
            ))}
          </>
        ) : (
          <p className="flex h-full items-center text-[2vw]">
            <StatusMark condition="good" word="Every promise is kept: nothing is late, open or held back" />
          </p>
        )}
      </section>
    </main>
  );
}

/** The worst open incident, in the line that is there anyway: the tiles below stay where they are. */
function WallIncident() {
  const { incidents } = useOpenIncidents();
  const [worst, ...others] = incidents;
  return (
    <div
      className={clsx(
        'flex min-w-0 gap-[0.8vw]',
        worst !== undefined && ['flex-1 border-l-[0.5vw] px-[0.8vw]', grounds[worst.condition]],
      )}
    >
      <p role="status" className="flex min-w-0 gap-[0.8vw]">
        {worst !== undefined && (
          <>
            <StatusMark condition={worst.condition} word={`${worst.word} ${worst.id}`} className="font-semibold" />
            <span className="truncate">{worst.title}</span>
          </>
        )}
      </p>
      {worst !== undefined && (
        <span className="whitespace-nowrap">
          <ForSoLong since={worst.since} />
          {others.length > 0 && `, and ${others.length} more`}
        </span>
      )}
    </div>
  );
}
