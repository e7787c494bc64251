import {
  autocompletion,
  type Completion,
  type CompletionSource,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { completeAt, type Expected, type Proposal } from './complete-at.ts';

/**
 * Proposes names and values as one types, and whatever fits on Ctrl-Space. Escape closes the list and is used up by it;
 * Tab is left to the page.
 */
export function completions(expected: () => Expected | undefined): Extension {
  const source: CompletionSource = ({ state, pos, explicit }) => {
    const known = expected();
    if (known === undefined || state.readOnly) return null;
    const found = completeAt(state.doc.toString(), pos, known, explicit);
    if (found === undefined) return null;
    return {
      from: found.from,
      to: found.to,
      filter: false,
      getMatch: ({ label }) => matchOf(label, found.begun),
      options: found.options.map(toCompletion),
    };
  };
  // Nothing is offered that somebody might mean to end with Enter, so that Enter need not wait.
  return autocompletion({ override: [source], icons: false, interactionDelay: 0 });
}

function matchOf(label: string, begun: string): number[] {
  const at = label.toLowerCase().indexOf(begun.toLowerCase());
  return begun === '' || at < 0 ? [] : [at, at + begun.length];
}

const toCompletion = ({ label, detail, info, insert, cursor, more }: Proposal): Completion => ({
  label,
  detail,
  ...(info === undefined ? {} : { info }),
  apply: (view, completion, from, to) => {
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + cursor },
      scrollIntoView: true,
      userEvent: 'input.complete',
      annotations: pickedCompletion.of(completion),
    });
    if (more) startCompletion(view);
  },
});
