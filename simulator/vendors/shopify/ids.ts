/**
 * Shopify's ids are 64-bit integers, beyond what a JSON number keeps in JavaScript. Long ones are carried as marked
 * strings while a body is an object, and written as numbers again.
 */
const long = /([:[,]\s*)(\d{16,20})(?=\s*[,}\]])/g;

export function parseExact(text: string): unknown {
  return JSON.parse(text.replace(long, '$1"#id:$2"'));
}

export function stringifyExact(value: unknown): string {
  return JSON.stringify(value).replace(/"#id:(\d+)"/g, '$1');
}

/** The digits of an id, whichever way it is carried. */
export function idText(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value.replace('#id:', '') : '';
}

/** An id as it goes into a body: a number where it fits, else marked. */
export function idValue(text: string): number | string {
  return text.length < 16 && /^\d+$/.test(text) ? Number(text) : `#id:${text}`;
}
