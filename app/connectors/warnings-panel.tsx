import { Link } from '@remix-run/react';
import { type ReactNode, useState } from 'react';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { ConnectorResult } from '#app/commands/connector.ts';
import type { WarningLine, WarningsView } from '#app/presenters/warnings.ts';
import { warningCountWords } from '#app/words/warnings.ts';
import { ConnectorAction } from './connector-action.tsx';
import { connectorPath } from './paths.ts';

/** What fails before long, what to do about it, and when it was looked for. */
export function WarningsPanel({ warnings: view }: { warnings: WarningsView }) {
  const { warnings, unknown, kinds, evaluated, ofAll, may } = view;
  const never = kinds.every(({ evaluatedAt }) => evaluatedAt === '');
  const [result, setResult] = useState<ConnectorResult>();
  return (
    <div id="warnings" className="scroll-mt-16">
      <Panel
        title={figures.warnings.name}
        note={<span title={figures.warnings.definition}>{warningCountWords(warnings.length, evaluated)}</span>}
      >
        <div className="flex flex-col gap-3">
          {result !== undefined && <Notice kind={result.ok ? 'good' : 'bad'}>{result.message}</Notice>}
          {never && <p className="text-muted">Nothing has been evaluated yet: the engine does so once it runs.</p>}
          {kinds
            .filter(({ trouble }) => trouble !== '')
            .map(({ id, name, trouble }) => (
              <Notice key={id} kind="warn" title={name}>
                {trouble}
              </Notice>
            ))}
          {warnings.length > 0 && (
            <ul className="flex flex-col gap-3">
              {warnings.map((warning) => (
                <Line key={warning.key} warning={warning} linked={ofAll}>
                  {may.control && warning.subscribe !== '' && <SubscribeAgain warning={warning} onResult={setResult} />}
                </Line>
              ))}
            </ul>
          )}
          {unknown.length > 0 && <Unknown unknown={unknown} />}
          {!never && <Evaluated kinds={kinds} />}
        </div>
      </Panel>
    </div>
  );
}

function Line({ warning, linked, children }: { warning: WarningLine; linked: boolean; children: ReactNode }) {
  const { condition, word, subject, system, kind, message, remedy, since } = warning;
  return (
    <li className="flex min-w-0 flex-col gap-0.5">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <StatusMark condition={condition} word={word} />
        {linked && system !== '' ? (
          <Link to={connectorPath(system)} prefetch="intent" className="font-medium hover:text-accent">
            {subject}
          </Link>
        ) : (
          <span className="font-medium">{subject}</span>
        )}
        <span className="text-label text-muted" title={kind.definition}>
          {kind.name}
        </span>
        <span className="text-label text-muted">
          since <RelativeTime at={since} />
        </span>
      </p>
      <p className="max-w-prose break-words">{message}</p>
      <p className="max-w-prose break-words text-muted">{remedy}</p>
      <div>{children}</div>
    </li>
  );
}

interface SubscribeProps {
  warning: WarningLine;
  onResult: (result: ConnectorResult) => void;
}

function SubscribeAgain({ warning, onResult }: SubscribeProps) {
  return (
    <ConnectorAction
      id={warning.system}
      intent="subscribe"
      look="secondary"
      words={{ button: 'Subscribe again', title: `Subscribe for ${warning.subscribe}?`, confirm: 'Subscribe' }}
      onResult={onResult}
    >
      <input type="hidden" name="topic" value={warning.subscribe} />
      <p>From then on it tells Syncline of it again. What it did not tell of meanwhile, it does not send again.</p>
    </ConnectorAction>
  );
}

function Unknown({ unknown }: { unknown: WarningsView['unknown'] }) {
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-muted">
        {formatNumber(unknown.length)} could not be evaluated
      </summary>
      <ul className="mt-1 flex flex-col gap-1">
        {unknown.map(({ key, kind, subject, message }) => (
          <li key={key} className="break-words">
            {subject} <span className="text-label text-muted">{kind}</span>
            <br />
            <span className="text-muted">{message}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Evaluated({ kinds }: { kinds: WarningsView['kinds'] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-label text-muted">
      {kinds.map(({ id, name, definition, evaluatedAt }) => (
        <li key={id} title={definition}>
          {name}: {evaluatedAt === '' ? 'never evaluated' : <RelativeTime at={evaluatedAt} />}
        </li>
      ))}
    </ul>
  );
}
