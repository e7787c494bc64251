import { type ComponentProps, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { joinSegments, splitSegments } from '#app/payloads/x12-text.ts';
import { type EditorHandle, JsonEditor } from '../json-editor.tsx';

/**
 * An EDI document as it was received. One segment a line is how it is read; shown in one piece it is how most are sent.
 * Either way what is edited is the document, and its own line breaks are kept when it is saved.
 */
export function EdiEditor({ text, onChange, handle, ...props }: ComponentProps<typeof JsonEditor>) {
  const [byLine, setByLine] = useState(true);
  const editor = useRef<EditorHandle>(null);
  const joined = useMemo(() => joinSegments(text), [text]);
  const tail = /\n*$/.exec(text)?.[0] ?? '';
  const shown = byLine ? text : joined;
  useImperativeHandle(handle, () => ({
    // Offsets are those of the text by lines.
    show: (offset) => editor.current?.show(byLine ? offset : joinSegments(text.slice(0, offset)).length),
  }));
  return (
    <div className="flex h-full flex-col gap-1">
      <label className="flex w-fit items-center gap-1.5 text-label text-muted">
        <input
          type="checkbox"
          checked={byLine}
          disabled={joined === text && byLine}
          onChange={(event) => setByLine(event.target.checked)}
        />
        One segment a line
      </label>
      <div className="min-h-0 flex-1">
        <JsonEditor
          {...props}
          text={shown}
          handle={editor}
          onChange={(now) => (now === shown ? undefined : onChange?.(byLine ? now : splitSegments(now) + tail))}
        />
      </div>
    </div>
  );
}
