/**
 * Transaction keys. A key is `<system>==<external id>`, each part encoded so that it is one NATS subject token and a
 * valid KV key: every character but letters, digits, `-` and `_` becomes `=XX` (UTF-8 bytes in hex). `==` cannot occur
 * inside a part, because an escape's `=` is always followed by a hex digit.
 */
const encoder = new TextEncoder();

export function encodeToken(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, (run) =>
    Array.from(encoder.encode(run), (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

export function decodeToken(token: string): string {
  return decodeURIComponent(token.replace(/%/g, '').replace(/=([0-9A-F]{2})/g, '%$1'));
}

export function transactionKey(system: string, externalId: string): string {
  return `${encodeToken(system)}==${encodeToken(externalId)}`;
}

export function parseTransactionKey(key: string): { system: string; externalId: string } | undefined {
  const at = key.indexOf('==');
  if (at < 1) return undefined;
  return { system: decodeToken(key.slice(0, at)), externalId: decodeToken(key.slice(at + 2)) };
}

/**
 * How warehouses and the stock service know one allocation of an order: the key, for all but the first with a suffix
 * that no key can contain.
 */
export const allocationReference = (key: string, n: number): string => (n === 1 ? key : `${key}~${n}`);

/** The key that such a reference belongs to. */
export const keyOfReference = (reference: string): string => /^[A-Za-z0-9_=-]+/.exec(reference)?.[0] ?? reference;

/** Is this one whole key? Anything else could reach beyond one transaction: a subject's wildcards, another token. */
export const isTransactionKey = (text: string): boolean => transactionKeyForm.test(text);
export const transactionKeyForm = /^[A-Za-z0-9_=-]{3,300}$/;

/** FNV-1a, 32 bits: stable across processes and releases, since it decides where a transaction's events live. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
