import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { inputClass } from '#app/components/field.tsx';
import { Skeleton, StateNotice } from '#app/components/state-notice.tsx';
import { Duration, Instant } from '#app/components/values.tsx';
import { JsonEditor } from '#app/editor/json-editor.tsx';
import type { OrderDocuments, SentDocument } from '#app/presenters/documents.ts';

const noProblems: never[] = [];

interface DocumentsViewProps {
  /** Address of the order's documents. */
  path: string;
  mayReveal: boolean;
  /** Changes when there may be more documents. */
  version: string;
}

/** What arrived, what it was understood as, and what was sent, side by side; one under another where it is narrow. */
export function DocumentsView({ path, mayReveal, version }: DocumentsViewProps) {
  const fetcher = useFetcher<OrderDocuments>();
  const { load } = fetcher;
  const revealing = fetcher.formMethod === 'POST';
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (!revealed) load(path);
  }, [load, path, version, revealed]);
  const documents = fetcher.data;
  if (documents === undefined)
    return (
      <div className="grid gap-3 lg:grid-cols-3">
        {['received', 'canonical', 'sent'].map((id) => (
          <Skeleton key={id} className="h-[420px]" />
        ))}
      </div>
    );
  const hidden =
    [...documents.received, ...documents.canonical].some((one) => one.hidden > 0) ||
    documents.sent.some((one) => one.body.hidden > 0);
  return (
    <div className="flex flex-col gap-3">
      {hidden && (
        <div className="flex flex-wrap items-center gap-2 text-muted">
          Names, e-mail addresses, phones and street lines are hidden.
          {mayReveal && (
            <Button
              busy={revealing}
              onClick={() => {
                setRevealed(true);
                fetcher.submit({}, { method: 'post', action: path });
              }}
            >
              Show them (recorded in the audit)
            </Button>
          )}
        </div>
      )}
      <div className="grid gap-3 lg:grid-cols-3">
        <Versions
          title="Received"
          documents={documents.received}
          absent="What arrived is no longer kept; the steps above stay."
        />
        <Versions
          title="Canonical"
          documents={documents.canonical}
          absent="It was not understood yet, so there is no canonical order."
        />
        <Calls calls={documents.sent} />
      </div>
      {documents.agedOut > 0 && (
        <p className="text-label text-muted">{documents.agedOut} older calls are no longer kept.</p>
      )}
    </div>
  );
}

function Frame({ title, choice, children }: { title: string; choice: React.ReactNode; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1">
      <div className="flex h-8 items-center gap-2">
        <h3 className="text-label font-medium text-muted">{title}</h3>
        <div className="ml-auto min-w-0">{choice}</div>
      </div>
      <div className="h-[420px]">{children}</div>
    </section>
  );
}

function Versions({
  title,
  documents,
  absent,
}: {
  title: string;
  documents: OrderDocuments['received'];
  absent: string;
}) {
  const [chosen, setChosen] = useState<number>();
  const document = documents.find((one) => one.version === chosen) ?? documents[0];
  const nameOf = (version: number) => (version === 1 ? 'as it arrived' : `version ${version}`);
  return (
    <Frame
      title={title}
      choice={
        documents.length > 1 ? (
          <select
            aria-label={`Version of ${title}`}
            className={inputClass}
            value={document?.version}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {documents.map((one) => (
              <option key={one.version} value={one.version}>
                {nameOf(one.version)}
              </option>
            ))}
          </select>
        ) : null
      }
    >
      {document ? (
        <JsonEditor
          text={document.text}
          label={`${title}, ${nameOf(document.version)}`}
          document="received"
          problems={noProblems}
          readOnly
        />
      ) : (
        <StateNotice kind="empty" title={`Nothing ${title.toLowerCase()}`}>
          {absent}
        </StateNotice>
      )}
    </Frame>
  );
}

function Calls({ calls }: { calls: readonly SentDocument[] }) {
  const [chosen, setChosen] = useState<number>();
  const call = calls.find((one) => one.seq === chosen) ?? calls.at(-1);
  return (
    <Frame
      title="Sent"
      choice={
        calls.length > 0 && (
          <select
            aria-label="Call"
            className={inputClass}
            value={call?.seq}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {calls.map((one) => (
              <option key={one.seq} value={one.seq}>
                {one.system}: {one.label}
              </option>
            ))}
          </select>
        )
      }
    >
      {call ? <CallView call={call} /> : <StateNotice kind="empty" title="Nothing was sent yet" />}
    </Frame>
  );
}

/** One call and its answer. */
export function CallView({ call }: { call: SentDocument }) {
  return (
    <div className="flex h-full flex-col gap-1">
      <p className="text-label break-all">
        <span className="font-mono">{call.request}</span>{' '}
        <span className="text-muted">
          <Instant at={call.at} />, <Duration ms={call.durationMs} />
        </span>
      </p>
      <div className="min-h-0 flex-[2]">
        <JsonEditor
          text={call.body.text}
          label={`Sent to ${call.system}`}
          document="received"
          problems={noProblems}
          readOnly
        />
      </div>
      <p className="text-label">
        {call.answer
          ? `Answered ${call.answer.status}${call.answer.body.text.trim() === '' ? ', without a body' : ''}`
          : call.error !== ''
            ? `No answer: ${call.error}`
            : 'No answer is kept'}
      </p>
      {call.answer && call.answer.body.text.trim() !== '' && (
        <div className="min-h-0 flex-1">
          <JsonEditor
            text={call.answer.body.text}
            label={`Answer of ${call.system}`}
            document="received"
            problems={noProblems}
            readOnly
          />
        </div>
      )}
    </div>
  );
}
