import { ConnectorAction } from '#app/connectors/connector-action.tsx';
import type { ConnectorResult } from '#app/commands/connector.ts';
import { formatNumber } from '#app/format.ts';
import type { GoingLiveOfView } from '#app/presenters/going-live.ts';

interface Props {
  view: GoingLiveOfView;
  onResult: (result: ConnectorResult) => void;
}

/** Takes a system live, with what is not ready named first, or has it only observed again. */
export function ModeSwitch({ view, onResult }: Props) {
  const { id, name, live, notReady, tally } = view;
  if (live)
    return (
      <ConnectorAction
        {...{ id, onResult }}
        intent="observe"
        look="danger"
        words={{ button: 'Only observe', title: `Only observe ${name}?`, confirm: 'Only observe it' }}
      >
        <p>
          {`Calls under way come to their end; then nothing is sent to ${name}, also what waits for it now. Transactions go on without it and what they would have sent is recorded. It is not sent later: somebody else has to do it.`}
        </p>
      </ConnectorAction>
    );
  const passed = tally.all === 1 ? '1 call was' : `${formatNumber(tally.all)} calls were`;
  return (
    <ConnectorAction
      {...{ id, onResult }}
      intent="live"
      look={notReady.length === 0 ? 'primary' : 'danger'}
      words={{ button: 'Take live', title: `Take ${name} live?`, confirm: 'Take it live' }}
    >
      <input type="hidden" name="passed_over" value={tally.all} />
      {notReady.length > 0 && <p className="font-medium">{`Not ready: ${notReady.join(', ')}.`}</p>}
      <p>{`From now on ${name} is sent what is meant for it.`}</p>
      <p>
        {`${passed} passed over while it was observed. None of them is sent, nor is anything else of those transactions: whoever did them until now finishes them.`}
      </p>
    </ConnectorAction>
  );
}
