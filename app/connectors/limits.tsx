import { Facts } from '#app/components/facts.tsx';
import { Panel } from '#app/components/page.tsx';
import { Instant } from '#app/components/values.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { ConnectorView } from '#app/presenters/connectors.ts';

const seconds = (value: number): string => formatDuration(value * 1000);

/** What the estate declares of a system: limits, retries and maintenance windows. */
export function Limits({ view }: { view: ConnectorView }) {
  const { limits, retry, maintenance, windows } = view;
  return (
    <Panel title="Limits and maintenance" note="from the estate file">
      <Facts
        facts={[
          ['At once', `${formatNumber(limits.concurrency)} calls`],
          [
            'Rate',
            limits.rate_per_s === undefined ? 'not limited' : `${formatNumber(limits.rate_per_s)} calls a second`,
          ],
          ['Timeout', seconds(limits.timeout_s)],
          [
            'Breaker',
            `opens after ${formatNumber(limits.breaker_failures)} outages in a row, for ${seconds(limits.breaker_open_s)}`,
          ],
          [
            'Attempts',
            `${formatNumber(retry.max_attempts)}, from ${seconds(retry.initial_delay_s)} to ${seconds(retry.max_delay_s)} apart`,
          ],
          ['When it is away', view.degradable ? 'orders go on without it' : 'orders wait for it'],
          [
            'Next maintenance',
            maintenance === undefined ? (
              'none'
            ) : (
              <span key="m">
                <Instant at={maintenance.starts} /> to <Instant at={maintenance.until} />: {maintenance.reason}
              </span>
            ),
          ],
          ...(windows.length > 0
            ? ([
                [
                  'Windows',
                  <ul key="w">
                    {windows.map((window) => (
                      <li key={`${window.starts} ${window.reason}`}>
                        <code>{window.starts}</code> {window.timeZone}, {formatDuration(window.lastsMs)}:{' '}
                        {window.reason}
                      </li>
                    ))}
                  </ul>,
                ],
              ] as const)
            : []),
        ]}
      />
    </Panel>
  );
}
