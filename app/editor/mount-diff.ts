import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { viewing } from './mount.ts';

export interface DiffOptions {
  before: string;
  after: string;
  labels: { before: string; after: string };
  nonce: string;
  /** Side by side needs room; a phone gets one column. */
  sideBySide: boolean;
}

const frozen = (nonce: string, label: string) => [
  viewing(nonce, label),
  EditorState.readOnly.of(true),
  EditorView.lineWrapping,
];

/** Shows what changed between two texts, long unchanged stretches folded away. */
export function mountDiff(host: HTMLElement, options: DiffOptions): { destroy(): void } {
  const collapseUnchanged = { margin: 3, minSize: 6 };
  if (options.sideBySide)
    return new MergeView({
      parent: host,
      a: { doc: options.before, extensions: frozen(options.nonce, options.labels.before) },
      b: { doc: options.after, extensions: frozen(options.nonce, options.labels.after) },
      collapseUnchanged,
      gutter: true,
    });
  return new EditorView({
    parent: host,
    doc: options.after,
    extensions: [
      frozen(options.nonce, options.labels.after),
      unifiedMergeView({ original: options.before, mergeControls: false, collapseUnchanged, gutter: true }),
    ],
  });
}
