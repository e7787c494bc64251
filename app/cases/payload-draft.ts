import { useState } from 'react';
import type { CaseView } from '#app/presenters/case-page.ts';

type Payload = NonNullable<CaseView['payload']>;

/** A text, the version it was begun from, and where its hidden values come from. */
interface Begun {
  version: number;
  /** Text of that version. */
  base: string;
  text: string;
  /** Sequence on INTAKE of the channel's update whose hidden values stand in the text; 0 for those of the version. */
  original: number;
}

/** The text a person works on. It stays theirs while the case changes under it. */
export interface PayloadDraft {
  payload: Payload;
  text: string;
  /** Version the text was begun from. */
  base: number;
  baseText: string;
  dirty: boolean;
  /** The text was begun from an update that the channel sent. */
  fromChannel: boolean;
  /** A newer version was saved by somebody else since the person began. */
  overtaken: boolean;
  edit: (text: string) => void;
  /** Drops what was edited and keeps the version it was begun from. */
  undo: () => void;
  /** Takes text and base as they are with personal data shown. */
  reveal: (base: string, text: string) => void;
  /** Goes on from a version with a text joined with it. */
  goOn: (version: number, base: string, text: string) => void;
  /** Takes a document that the channel sent in place of the text. */
  takeUpdate: (original: number, text: string) => void;
  /** Takes the newest version and drops the draft. */
  takeNewest: () => void;
  /** What an action needs to know of the text. */
  fields: () => { base_version: string; original: string; payload: string };
}

/** A draft over the case's current payload; undefined where there is none to be seen. */
export function usePayloadDraft(payload: Payload | undefined): PayloadDraft | undefined {
  const [begun, setBegun] = useState<Begun>(() => fresh(payload));
  if (payload === undefined) return undefined;
  const { version, base, text, original } = begun;
  const dirty = text !== base;
  const takeNewest = () => setBegun(fresh(payload));
  // A version saved from this very text, or one that came while nothing was edited, is simply taken.
  if (payload.version > version && (!dirty || text === payload.current)) takeNewest();
  return {
    payload,
    text,
    base: version,
    baseText: base,
    dirty,
    fromChannel: dirty && original !== 0,
    overtaken: dirty && payload.version > version,
    edit: (next) => setBegun((before) => ({ ...before, text: next })),
    undo: () => setBegun({ version, base, text: base, original: 0 }),
    reveal: (shownBase, shown) => setBegun({ version, base: shownBase, text: shown, original: 0 }),
    goOn: (next, theirs, joined) => setBegun({ version: next, base: theirs, text: joined, original: 0 }),
    takeUpdate: (seq, update) => setBegun({ version, base, text: update, original: seq }),
    takeNewest,
    fields: () => ({ base_version: String(version), original: original === 0 ? '' : String(original), payload: text }),
  };
}

const fresh = (payload: Payload | undefined): Begun => ({
  version: payload?.version ?? 0,
  base: payload?.current ?? '',
  text: payload?.current ?? '',
  original: 0,
});
