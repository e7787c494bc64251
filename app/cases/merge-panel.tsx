import { useFetcher } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import type { MergeAnswer } from '#app/commands/case-payload.ts';
import type { Side } from '#app/payloads/merge.ts';
import { ConflictChoice } from './conflict-choice.tsx';
import type { PayloadDraft } from './payload-draft.ts';

type Choices = Readonly<Record<string, Side>>;

/** Somebody saved a version while this person was writing: what they changed, and how to go on with both. */
export function MergePanel({ draft }: { draft: PayloadDraft }) {
  const fetcher = useFetcher<CaseResult>();
  const [choices, setChoices] = useState<Choices>({});
  /** What was answered and written when both were to be merged; only a later answer about the same text is taken. */
  const joining = useRef<{ before: MergeAnswer | undefined; text: string }>();
  const { submit, data, state } = fetcher;
  const { version } = draft.payload;
  const ask = (chosen: Choices) =>
    submit({ intent: 'merge', choices: JSON.stringify(chosen), ...draft.fields() }, { method: 'post' });
  const look = useRef(ask);
  useEffect(() => {
    look.current = ask;
  });
  // Looking changes nothing: it tells who was first and with what.
  useEffect(() => {
    joining.current = undefined;
    look.current({});
  }, [version]);
  const answer = data?.merge;
  useEffect(() => {
    if (state !== 'idle' || answer === undefined || joining.current === undefined) return;
    const { before, text } = joining.current;
    if (answer === before) return;
    joining.current = undefined;
    if (answer.decided && text === draft.text) draft.goOn(answer.version, answer.theirs, answer.text);
  }, [state, answer, draft]);

  const undecided = answer?.conflicts.filter(({ path }) => choices[path] === undefined).length ?? 0;
  return (
    <Notice
      kind="warn"
      title={answer ? `${answer.who} saved version ${answer.version} before you` : `Version ${version} was saved`}
      className="mt-2"
    >
      {answer && (
        <p>
          <RelativeTime at={answer.at} />, changing {inWords(answer.fields)}. Your text is kept here.{' '}
          {answer.conflicts.length === 0
            ? 'You changed other fields, so both changes can stand.'
            : answer.conflicts.length === 1
              ? 'You changed one of the same fields: choose what it is to be.'
              : `You changed ${answer.conflicts.length} of the same fields: choose what each is to be.`}
        </p>
      )}
      {data?.ok === false && <p className="text-bad">{data.message}</p>}
      {answer?.conflicts.map((conflict) => (
        <ConflictChoice
          key={conflict.path}
          conflict={conflict}
          who={answer.who}
          choice={choices[conflict.path]}
          onChoose={(side) => setChoices({ ...choices, [conflict.path]: side })}
        />
      ))}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={state !== 'idle'}
          disabled={answer === undefined || undecided > 0}
          onClick={() => {
            joining.current = { before: answer, text: draft.text };
            ask(choices);
          }}
        >
          Merge both
        </Button>
        <Button look="quiet" onClick={draft.takeNewest}>
          Drop mine and take theirs
        </Button>
      </div>
    </Notice>
  );
}

const mostNamed = 6;

function inWords(fields: readonly string[]): string {
  const named = fields.slice(0, mostNamed).join('; ');
  const more = fields.length - mostNamed;
  return more > 0 ? `${named} and ${more} more` : named || 'nothing but its layout';
}
