import { formatNumber } from '#app/format.ts';
import type { ConnectorResult } from '#app/commands/connector.ts';
import type { ConnectorView } from '#app/presenters/connectors.ts';
import { ConnectorAction } from './connector-action.tsx';

interface Props {
  view: ConnectorView;
  onResult: (result: ConnectorResult) => void;
}

/** Pauses a connector, drains it, or lets it go on. */
export function ConnectorSwitch({ view, onResult }: Props) {
  const { id, name, standing, backlog } = view;
  const waits = backlog === 1 ? 'The message that waits' : `The ${formatNumber(backlog)} messages that wait`;
  return (
    <div className="flex gap-2">
      {standing !== 'open' && (
        <ConnectorAction
          {...{ id, onResult }}
          intent="resume"
          look="primary"
          words={{ button: 'Resume', title: `Resume ${name}?`, confirm: 'Resume it' }}
        >
          <p>
            {`${backlog > 0 ? `${waits} and what comes go` : 'What comes goes'} to ${name} again, within its limits.`}
          </p>
        </ConnectorAction>
      )}
      {standing === 'open' && (
        <ConnectorAction
          {...{ id, onResult }}
          intent="drain"
          look="secondary"
          words={{ button: 'Drain', title: `Drain ${name}?`, confirm: 'Drain it' }}
        >
          <p>
            What is on its queue now is sent, within its limits; then it is paused by itself. What comes meanwhile, and
            what has to be tried again, waits until somebody resumes it.
          </p>
        </ConnectorAction>
      )}
      {standing !== 'paused' && (
        <ConnectorAction
          {...{ id, onResult }}
          intent="pause"
          look="danger"
          words={{ button: 'Pause', title: `Pause ${name}?`, confirm: 'Pause it' }}
        >
          <p>
            {`Calls under way come to their end; then nothing is sent to ${name} until somebody resumes it. Nothing is lost: orders wait, and their deadlines run on.${view.degradable ? ' They do not go on without it, as they would if it were away.' : ''}`}
          </p>
        </ConnectorAction>
      )}
    </div>
  );
}
