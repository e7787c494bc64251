import { autocompletion, closeBrackets, type Completion, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { SQLDialect, sql, StandardSQL } from '@codemirror/lang-sql';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { editorTheme } from '#app/editor/theme.ts';
import type { QueryView } from '#app/presenters/query.ts';
import type { Place } from '#app/sql/refused.ts';

export interface SqlEditorOptions {
  sql: string;
  /** Of the page's content security policy; CodeMirror adds a style element of its own. */
  nonce: string;
  tables: QueryView['tables'];
  onChange: (sql: string) => void;
  onRun: () => void;
}

export interface MountedSql {
  setText(sql: string): void;
  /** Puts text where the cursor is, or in place of what is selected. */
  insert(text: string): void;
  /** Marks where something is wrong; nothing where `place` is absent. */
  mark(place: Place | undefined, message: string): void;
  destroy(): void;
}

/** What a query is written with, and the functions analysts use most. */
const clickhouse = SQLDialect.define({
  ...StandardSQL.spec,
  keywords:
    'all and any array as asc asof between by case cross desc distinct else end except exists final first following full from group grouping having ilike in inner intersect interval is join last left like limit not nulls offset on or order outer over partition preceding prewhere qualify range recursive right rollup row rows sample select semi sets then totals unbounded union using when where window with',
  builtin: `argMax argMin arrayJoin avg count countIf dateDiff groupArray has if max median min multiIf now quantile quantiles round sum sumIf toDate toDateTime toDayOfWeek toHour toStartOfDay toStartOfHour toStartOfMinute toStartOfInterval topK uniq uniqExact`,
  doubleQuotedStrings: false,
  identifierQuotes: '`"',
});

/** Puts an SQL editor into `host`. Tab is left to the page, so that a keyboard can leave the editor again. */
export function mountSql(host: HTMLElement, options: SqlEditorOptions): MountedSql {
  const schema = Object.fromEntries(
    options.tables.map(({ name, about, columns }) => [
      name,
      {
        self: { label: name, type: 'table', info: about } satisfies Completion,
        children: columns.map((column) => ({ label: column.name, detail: column.type, info: column.about })),
      },
    ]),
  );
  const run = () => {
    options.onRun();
    return true;
  };
  const view = new EditorView({
    parent: host,
    doc: options.sql,
    extensions: [
      EditorView.cspNonce.of(options.nonce),
      EditorView.contentAttributes.of({ 'aria-label': 'SQL', tabindex: '0' }),
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      lineNumbers(),
      drawSelection(),
      EditorView.lineWrapping,
      history(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      sql({ dialect: clickhouse, schema, upperCaseKeywords: true }),
      autocompletion({ icons: false }),
      keymap.of([...searchKeymap, ...defaultKeymap, ...historyKeymap, { key: 'Ctrl-Space', run: startCompletion }]),
      editorTheme,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.onChange(update.state.doc.toString());
      }),
    ],
  });
  return {
    setText(text) {
      if (text !== view.state.doc.toString())
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    mark(place, message) {
      if (place === undefined || place.line > view.state.doc.lines) {
        view.dispatch(setDiagnostics(view.state, []));
        return;
      }
      const line = view.state.doc.line(place.line);
      const from = Math.min(line.from + place.column - 1, line.to);
      const word = /^[\w.]+|^./.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
      view.dispatch(setDiagnostics(view.state, [{ from, to: from + word, severity: 'error', message }]));
    },
    destroy: () => view.destroy(),
  };
}
