import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useNonce } from '#app/nonce.ts';
import type { QueryView } from '#app/presenters/query.ts';
import type { Place } from '#app/sql/refused.ts';
import type { MountedSql } from './mount-sql.ts';

export interface SqlHandle {
  insert(text: string): void;
}

interface SqlEditorProps {
  sql: string;
  tables: QueryView['tables'];
  problem: { place?: Place; message: string } | undefined;
  onChange: (sql: string) => void;
  onRun: () => void;
  handle: Ref<SqlHandle>;
}

/** SQL in CodeMirror, loaded when it is needed; until then, and without scripts, it is a plain text field of the same size. */
export function SqlEditor(props: SqlEditorProps) {
  const { sql, problem } = props;
  const nonce = useNonce();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<MountedSql>();
  const latest = useRef(props);
  latest.current = props;
  const first = useRef({ nonce });
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let gone = false;
    void import('./mount-sql.ts').then(({ mountSql }) => {
      if (gone || host.current === null) return;
      editor.current = mountSql(host.current, {
        ...first.current,
        sql: latest.current.sql,
        tables: latest.current.tables,
        onChange: (text) => latest.current.onChange(text),
        onRun: () => latest.current.onRun(),
      });
      setReady(true);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, []);
  useEffect(() => editor.current?.setText(sql), [sql, ready]);
  useEffect(() => editor.current?.mark(problem?.place, problem?.message ?? ''), [problem, ready]);
  useImperativeHandle(props.handle, () => ({ insert: (text) => editor.current?.insert(text) }), []);

  return (
    <div className="relative h-64 overflow-hidden rounded border border-line-strong bg-raised">
      <div ref={host} className="absolute inset-0 [--editor-font:var(--font-mono,ui-monospace,monospace)]" />
      {ready ? null : (
        <textarea
          aria-label="SQL"
          value={sql}
          onChange={(event) => props.onChange(event.target.value)}
          className="absolute inset-0 h-full w-full resize-none bg-raised p-2 font-mono text-label"
        />
      )}
    </div>
  );
}
