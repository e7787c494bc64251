/** An answer of a simulated vendor, read by path: "order.line_items.0.id". */
export interface VendorAnswer {
  status: number;
  headers: Headers;
  body: unknown;
  at(path: string): unknown;
}

/** Calls a simulated vendor as a merchant's own program would; a body that is no text goes as JSON. */
export async function callVendor(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<VendorAnswer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: answer.status, headers: answer.headers, body: parsed, at: (path) => valueAt(parsed, path) };
}

export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (current, name) =>
        typeof current === 'object' && current !== null
          ? Object.getOwnPropertyDescriptor(current, name)?.value
          : undefined,
      value,
    );
}
