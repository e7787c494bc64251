import { useState } from 'react';
import type { CaseView } from '#app/presenters/case-page.ts';

type Payload = NonNullable<CaseView['payload']>;

/** The text a person works on. It stays theirs while the case changes under it. */
export interface PayloadDraft {
  payload: Payload;
  text: string;
  /** Version the text was begun from. */
  base: number;
  baseText: string;
  dirty: boolean;
  /** A newer version was saved by somebody else since the person began. */
  overtaken: boolean;
  edit: (text: string) => void;
  /** Puts another text in place of base and draft, such as the same with personal data shown. */
  replace: (text: string) => void;
  /** Takes the newest version and drops the draft. */
  takeNewest: () => void;
}

/** A draft over the case's current payload; undefined where there is none to be seen. */
export function usePayloadDraft(payload: Payload | undefined): PayloadDraft | undefined {
  const [base, setBase] = useState({ version: payload?.version ?? 0, text: payload?.current ?? '' });
  const [text, setText] = useState(base.text);
  if (payload === undefined) return undefined;
  const dirty = text !== base.text;
  const takeNewest = () => {
    setBase({ version: payload.version, text: payload.current });
    setText(payload.current);
  };
  // A version saved from this very text, or one that came while nothing was edited, is simply taken.
  if (payload.version !== base.version && (!dirty || text === payload.current)) takeNewest();
  return {
    payload,
    text,
    base: base.version,
    baseText: base.text,
    dirty,
    overtaken: dirty && payload.version !== base.version,
    edit: setText,
    replace: (next) => {
      setBase({ version: base.version, text: next });
      setText(next);
    },
    takeNewest,
  };
}
