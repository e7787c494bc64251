import { useEffect, useRef, useState } from 'react';
import { useNonce } from '#app/nonce.ts';

interface JsonDiffProps {
  before: string;
  after: string;
  labels: { before: string; after: string };
}

/** Two texts side by side with what changed; one column where the screen is narrow. */
export function JsonDiff({ before, after, labels }: JsonDiffProps) {
  const nonce = useNonce();
  const host = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);
  const { before: beforeLabel, after: afterLabel } = labels;

  useEffect(() => {
    let gone = false;
    let mounted: { destroy(): void } | undefined;
    void import('./mount-diff.ts').then(({ mountDiff }) => {
      const element = host.current;
      if (gone || element === null) return;
      const sideBySide = element.clientWidth >= 720;
      mounted = mountDiff(element, {
        before,
        after,
        nonce,
        sideBySide,
        labels: { before: beforeLabel, after: afterLabel },
      });
      setReady(true);
    });
    return () => {
      gone = true;
      mounted?.destroy();
    };
  }, [before, after, nonce, beforeLabel, afterLabel]);

  if (before === after)
    return (
      <p className="p-3 text-muted">
        Nothing changed: {labels.after} equals {labels.before}.
      </p>
    );
  return (
    <figure className="m-0 flex h-full flex-col">
      <figcaption className="flex gap-4 border-b border-line px-2 py-1 text-label text-muted">
        <span>
          <span aria-hidden="true">−</span> {labels.before}
        </span>
        <span>
          <span aria-hidden="true">+</span> {labels.after}
        </span>
      </figcaption>
      <div
        ref={host}
        className="relative min-h-32 flex-1 overflow-auto [--editor-font:var(--font-mono,ui-monospace,monospace)]"
      >
        {ready ? null : <pre className="p-2 font-mono text-label">{after}</pre>}
      </div>
    </figure>
  );
}
