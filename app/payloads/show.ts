import { prettyJson } from '#app/editor/problems.ts';
import { maskJson } from './mask.ts';

/** Text of a document as it is shown: laid out, and with personal data hidden unless it was revealed. */
export interface ShownDocument {
  text: string;
  /** Values hidden in it. */
  hidden: number;
}

export function showDocument(raw: string, revealed: boolean): ShownDocument {
  const pretty = prettyJson(formAsJson(raw));
  return revealed ? { text: pretty, hidden: 0 } : maskJson(pretty);
}

/** A form body (`a=1&b=2`, as payment providers take it) as JSON, so that one field a line can be read and masked. */
function formAsJson(raw: string): string {
  if (!/^[\w[\].%+-]+=[^{}\n]*$/.test(raw)) return raw;
  const fields = new URLSearchParams(raw);
  return JSON.stringify(
    Object.fromEntries([...fields].map(([name, value]) => [name.replace(/\]/g, '').replace(/\[/g, '.'), value])),
  );
}

const secretHeader = /authorization|cookie|token|secret|signature|hmac|api-?key/i;

/** Headers with credentials and signatures hidden from everybody. */
export function showHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeader.test(name) ? '‹hidden›' : value]),
  );
}
