import { Link } from '@remix-run/react';
import { Page, Panel } from '#app/components/page.tsx';
import type { ErrorClass } from '#contracts/v1/step-event.ts';
import { runbooks } from './runbooks.ts';

/** One runbook: what it means, how to check, how to cure, who to ask. */
export function RunbookView({ errorClass }: { errorClass: ErrorClass }) {
  const { title, means, check, cure, ask } = runbooks[errorClass];
  return (
    <Page
      title={title}
      lead={`Kind of failure: ${errorClass.replaceAll('_', ' ')}`}
      actions={
        <>
          <Link to={`/quarantine?class=${errorClass}`} className="text-accent hover:underline">
            Open cases of this kind
          </Link>
          <Link to="/runbooks" className="text-accent hover:underline">
            All runbooks
          </Link>
        </>
      }
    >
      <div className="flex max-w-3xl flex-col gap-4">
        <Panel title="What it means">
          <p className="max-w-prose">{means}</p>
        </Panel>
        <Panel title="How to check">
          <Steps steps={check} />
        </Panel>
        <Panel title="How to cure it">
          <Steps steps={cure} />
        </Panel>
        <Panel title="Who to ask">
          <p className="max-w-prose">{ask}</p>
        </Panel>
      </div>
    </Page>
  );
}

const Steps = ({ steps }: { steps: readonly string[] }) => (
  <ol className="flex max-w-prose list-decimal flex-col gap-1.5 pl-5 marker:text-muted">
    {steps.map((step) => (
      <li key={step}>{step}</li>
    ))}
  </ol>
);
