import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { useNonce } from '#app/nonce.ts';
import { isX12 } from '#app/payloads/x12-text.ts';
import type { Expected } from './complete-at.ts';
import type { MountedEditor } from './mount.ts';
import { fieldProblems, syntaxProblems, type InlineProblem } from './problems.ts';

export interface EditorHandle {
  /** Brings an offset of the text into view and puts the cursor there. */
  show(offset: number): void;
}

const nothing: never[] = [];

interface JsonEditorProps {
  text: string;
  label: string;
  document: CaseProblem['document'];
  /** What the flow found wrong, shown in the text beside what is wrong as JSON. */
  problems: readonly CaseProblem[];
  readOnly?: boolean;
  /** What may be written where, to be proposed. */
  expected?: Expected;
  onChange?: (text: string) => void;
  handle?: Ref<EditorHandle>;
}

/**
 * A payload in CodeMirror. The editor is loaded when it is needed and takes the place of the plain text, which has the
 * same size; without scripts the plain text stays.
 */
export function JsonEditor(props: JsonEditorProps) {
  const { text, label, document, problems, readOnly = false, onChange, handle, expected } = props;
  const nonce = useNonce();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<MountedEditor>();
  const change = useRef(onChange);
  change.current = onChange;
  const known = useRef(expected);
  known.current = expected;
  const first = useRef({ text, label, nonce, readOnly });
  const [ready, setReady] = useState(false);
  const found = useMarkedProblems(text, problems, document);
  // What can only be read is shown as it is: an empty answer is no mistake of the reader's.
  const marked = readOnly && problems.length === 0 ? nothing : found;

  useEffect(() => {
    let gone = false;
    const language = isX12(first.current.text) ? import('./edi/language.ts') : undefined;
    void Promise.all([import('./mount.ts'), language]).then(([{ mountEditor }, edi]) => {
      if (gone || host.current === null) return;
      editor.current = mountEditor(host.current, {
        ...first.current,
        onChange: (now) => change.current?.(now),
        expected: () => known.current,
        ...(edi && { language: edi.x12Language }),
      });
      setReady(true);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, []);

  useEffect(() => editor.current?.setText(text), [text, ready]);
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly, ready]);
  useEffect(() => editor.current?.setProblems(marked), [marked, ready]);
  const firstProblem = useRef(marked[0]);
  // The editor is loaded when it is first needed: what somebody asks to see before that is shown once it is there.
  const asked = useRef<number>(undefined);
  useEffect(() => {
    if (!ready) return;
    if (asked.current !== undefined) editor.current?.show(asked.current, true);
    else if (firstProblem.current) editor.current?.show(firstProblem.current.from, false);
  }, [ready]);
  const show = (offset: number): void => {
    if (editor.current) editor.current.show(offset, true);
    else asked.current = offset;
  };
  useImperativeHandle(handle, () => ({ show }), []);

  return (
    <div className="relative h-full overflow-hidden rounded border border-line bg-raised">
      <div ref={host} className="absolute inset-0 [--editor-font:var(--font-mono,ui-monospace,monospace)]" />
      {ready ? null : (
        <pre tabIndex={0} className="absolute inset-0 overflow-auto p-2 font-mono text-label">
          {text}
        </pre>
      )}
    </div>
  );
}

/** Syntax errors first: while the text is not JSON, no field in it can be found. */
export function useMarkedProblems(
  text: string,
  problems: readonly CaseProblem[],
  document: CaseProblem['document'],
): InlineProblem[] {
  return useMemo(() => {
    const syntax = isX12(text) ? [] : syntaxProblems(text);
    return syntax.length > 0 ? syntax : fieldProblems(text, problems, document);
  }, [text, problems, document]);
}
