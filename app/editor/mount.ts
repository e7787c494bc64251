import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Expected } from './complete-at.ts';
import { completions } from './completions.ts';
import type { InlineProblem } from './problems.ts';
import { editorTheme } from './theme.ts';

export interface EditorOptions {
  text: string;
  /** Read to people who do not see the editor. */
  label: string;
  readOnly: boolean;
  /** Of the page's content security policy; CodeMirror adds a style element of its own. */
  nonce: string;
  onChange: (text: string) => void;
  /** What is known of the document just now, to propose what may be written. */
  expected: () => Expected | undefined;
  /** How the text is coloured; JSON where absent. */
  language?: Extension;
}

export interface MountedEditor {
  setText(text: string): void;
  setReadOnly(readOnly: boolean): void;
  setProblems(problems: readonly InlineProblem[]): void;
  /** Brings an offset into view and puts the cursor there. */
  show(offset: number, focus: boolean): void;
  destroy(): void;
}

/** What every view of a payload shares, editable or not. */
export function viewing(nonce: string, label: string, language: Extension = json()): Extension {
  return [
    EditorView.cspNonce.of(nonce),
    // A scrolling region that a keyboard reaches, whatever the browser makes of editable text.
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    lineNumbers(),
    foldGutter(),
    drawSelection(),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    language,
    editorTheme,
  ];
}

const locked = (readOnly: boolean): Extension => [EditorState.readOnly.of(readOnly), EditorView.editable.of(true)];

/** Puts an editor into `host`. Tab is left to the page, so that a keyboard can leave the editor again. */
export function mountEditor(host: HTMLElement, options: EditorOptions): MountedEditor {
  const lock = new Compartment();
  const view = new EditorView({
    parent: host,
    doc: options.text,
    extensions: [
      viewing(options.nonce, options.label, options.language),
      history(),
      bracketMatching(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      lintGutter(),
      completions(options.expected),
      lock.of(locked(options.readOnly)),
      keymap.of([...searchKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.onChange(update.state.doc.toString());
      }),
    ],
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setReadOnly: (readOnly) => view.dispatch({ effects: lock.reconfigure(locked(readOnly)) }),
    setProblems: (problems) =>
      view.dispatch(setDiagnostics(view.state, toDiagnostics(problems, view.state.doc.length))),
    show(offset, focus) {
      const at = Math.min(offset, view.state.doc.length);
      view.dispatch({ selection: { anchor: at } });
      if (focus) {
        view.focus();
        view.dom.scrollIntoView({ block: 'nearest' });
      }
      scrollTo(view, at, settlingFrames);
    },
    destroy: () => view.destroy(),
  };
}

/** Lines that were never shown have a height that is only guessed: for so long the place is corrected as they are measured. */
const settlingFrames = 6;

/** Scrolls the editor alone: CodeMirror's own way would move the page under a reader too. */
function scrollTo(view: EditorView, at: number, frames: number): void {
  view.requestMeasure({
    read: ({ scrollDOM }) => {
      const most = scrollDOM.scrollHeight - scrollDOM.clientHeight;
      return Math.round(Math.min(Math.max(0, view.lineBlockAt(at).top - scrollDOM.clientHeight / 2), most));
    },
    write: (top, { scrollDOM }) => {
      if (Math.abs(scrollDOM.scrollTop - top) > 1) scrollDOM.scrollTo({ top });
      if (frames > 0) requestAnimationFrame(() => scrollTo(view, at, frames - 1));
    },
  });
}

function toDiagnostics(problems: readonly InlineProblem[], length: number): Diagnostic[] {
  return problems
    .filter((problem) => problem.from <= length)
    .map((problem) => ({
      from: problem.from,
      to: Math.min(problem.to, length),
      severity: 'error',
      message: problem.message,
      source: problem.kind === 'syntax' ? 'JSON' : 'the flow',
    }));
}
