import { prettyJson } from '#app/editor/problems.ts';
import { maskJson, maskText, unmaskJson } from './mask.ts';
import { maskX12, unmaskX12 } from './x12-mask.ts';
import { isX12, layOutX12, restoreX12 } from './x12-text.ts';

/** Text of a document as it is shown: laid out, and with personal data hidden unless it was revealed. */
export interface ShownDocument {
  text: string;
  /** Values hidden in it. */
  hidden: number;
}

export function showDocument(raw: string, revealed: boolean): ShownDocument {
  if (isX12(raw)) {
    const { text, hidden } = revealed ? { text: raw, hidden: 0 } : maskX12(raw);
    return { text: layOutX12(text, raw), hidden };
  }
  const pretty = prettyJson(formAsJson(raw));
  return revealed ? { text: pretty, hidden: 0 } : maskJson(pretty);
}

/**
 * The document that somebody made of one they were shown: hidden values put back, and an EDI document with the line breaks
 * of the one it was, not those it was shown with.
 */
export function readShown(edited: string, original: string): string {
  if (isX12(original)) return unmaskX12(restoreX12(edited, original), original);
  return unmaskJson(edited, showDocument(original, true).text);
}

/** The same as it is shown to somebody who may see everything. */
export const revealShown = (edited: string, original: string): string =>
  isX12(original) ? showDocument(readShown(edited, original), true).text : readShown(edited, original);

/** A form body (`a=1&b=2`, as payment providers take it) as JSON, so that one field a line can be read and masked. */
function formAsJson(raw: string): string {
  if (!/^[\w[\].%+-]+=[^{}\n]*$/.test(raw)) return raw;
  const fields = new URLSearchParams(raw);
  return JSON.stringify(
    Object.fromEntries([...fields].map(([name, value]) => [name.replace(/\]/g, '').replace(/\[/g, '.'), value])),
  );
}

const secretHeader = /authorization|cookie|token|secret|signature|hmac|api-?key/i;

/** Our own addresses, which are nobody's personal data. */
const ownAddress = /^(from|message-id)$/i;

/** Headers with credentials and signatures hidden from everybody, and e-mail addresses unless they were revealed. */
export function showHeaders(headers: Readonly<Record<string, string>>, revealed: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeader.test(name) ? '‹hidden›' : revealed || ownAddress.test(name) ? value : maskText(value),
    ]),
  );
}
