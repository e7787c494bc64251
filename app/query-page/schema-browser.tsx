import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { inputClass } from '#app/components/field.tsx';
import type { QueryView } from '#app/presenters/query.ts';

type Table = QueryView['tables'][number];

/** The tables one may ask, with what each column is. A click puts the name into the query. */
export function SchemaBrowser({ tables, onInsert }: { tables: QueryView['tables']; onInsert: (name: string) => void }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = tables.flatMap((table) => {
    if (wanted === '' || table.name.includes(wanted)) return [table];
    const columns = table.columns.filter(({ name }) => name.includes(wanted));
    return columns.length === 0 ? [] : [{ ...table, columns }];
  });
  return (
    <div className="flex flex-col gap-2">
      <input
        type="search"
        aria-label="Find a table or column"
        placeholder="Find a table or column"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={inputClass}
      />
      <ul className="flex flex-col">
        {shown.map((table) => (
          <li key={table.name}>
            <TableEntry table={table} open={wanted !== ''} onInsert={onInsert} />
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="text-muted">No table or column is called like that.</p>}
    </div>
  );
}

function TableEntry({ table, open, onInsert }: { table: Table; open: boolean; onInsert: (name: string) => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <details open={open || opened} className="group" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="flex cursor-pointer list-none items-start gap-1 rounded px-1 py-1 hover:bg-hover max-sm:py-2">
        <ChevronRight aria-hidden className="mt-0.5 size-3.5 shrink-0 text-muted group-open:rotate-90" />
        <span className="min-w-0">
          <span className="block font-mono text-label font-medium break-all">{table.name}</span>
          <span className="block text-label text-muted">{table.about}</span>
        </span>
      </summary>
      <ul className="mb-1 ml-4 border-l border-line pl-1">
        <Entry name={table.name} type="the table" about="Insert its name" onInsert={onInsert} />
        {table.columns.map((column) => (
          <Entry key={column.name} {...column} onInsert={onInsert} />
        ))}
      </ul>
    </details>
  );
}

interface EntryProps {
  name: string;
  type: string;
  about: string;
  onInsert: (name: string) => void;
}

function Entry({ name, type, about, onInsert }: EntryProps) {
  return (
    <li>
      <button
        type="button"
        onClick={() => onInsert(name)}
        className="w-full rounded px-1.5 py-0.5 text-left hover:bg-hover max-sm:py-1.5"
      >
        <span className="flex items-baseline justify-between gap-2">
          <span className="font-mono text-label break-all">{name}</span>
          <span className="truncate text-label text-muted">{type}</span>
        </span>
        <span className="block text-label text-muted">{about}</span>
      </button>
    </li>
  );
}
