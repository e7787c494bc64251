import { Duration, Instant, Money } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { EndingView } from '#app/presenters/incident-page.ts';

/** The account that somebody gave when an incident was ended. */
export function Account({ ending }: { ending: EndingView }) {
  const parts = [
    ['What happened', ending.happened],
    ['What customers and stores saw', ending.seen],
    ['What was done', ending.done],
    ['What follows', ending.follows],
  ] as const;
  return (
    <dl className="flex max-w-prose flex-col gap-3">
      {parts.map(([name, text]) => (
        <div key={name}>
          <dt className="text-label text-muted">{name}</dt>
          <dd className="break-words whitespace-pre-wrap">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How long it lasted and what hung on it, as it was counted at an end. */
export function EndFigures({ ending: { over, lastedMs, figures } }: { ending: EndingView }) {
  return (
    <p className="mt-2 text-muted">
      Over <Instant at={over} /> after <Duration ms={lastedMs} />: {formatNumber(figures.cases)}{' '}
      {figures.cases === 1 ? 'case' : 'cases'}, {formatNumber(figures.orders)}{' '}
      {figures.orders === 1 ? 'order' : 'orders'} worth <Money {...figures.value} whole />, of which{' '}
      <Money {...figures.at_risk} whole /> at risk.
    </p>
  );
}
