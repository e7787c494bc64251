import type { ComponentProps } from 'react';
import { isX12 } from '#app/payloads/x12-text.ts';
import { EdiEditor } from './edi/edi-editor.tsx';
import { JsonEditor } from './json-editor.tsx';

/** The editor of what was received, in the form it has. */
export function PayloadEditor(props: ComponentProps<typeof JsonEditor> & { received: string }) {
  const { received, ...editor } = props;
  // What arrived decides, so that a text that is being edited does not change its editor.
  return isX12(received) ? <EdiEditor {...editor} /> : <JsonEditor {...editor} />;
}
