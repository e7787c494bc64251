/** Years that RFC 3339 can write. */
const [first, last] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/**
 * The instant that a field for a date and time says on the browser's clock: "2026-10-02T14:00" there, a UTC instant here.
 * What is no time that can be written so stays as it is, for the server to refuse: it is not left out, which would mean
 * now or always.
 */
export function instantOf(local: string): string {
  const at = new Date(local);
  return at.getTime() >= first && at.getTime() <= last ? at.toISOString() : local;
}

/** "2026-10-02T14:00" on the browser's clock, as such a field has it; empty for what is no time. */
export function localText(at: Date | string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
