import { describe, expect, it } from 'vitest';
import { nextOf, safeNext } from './next.ts';

describe('where signing in leads', () => {
  it.each([
    '//evil.example',
    'https://evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
    '/..//evil.example',
  ])('never leaves the console: %j', (wanted) => {
    expect(new URL(safeNext(wanted), 'https://console.example').origin).toBe('https://console.example');
  });
  it('returns to the page and its filters', () => {
    expect(safeNext('/orders?problem=late#row')).toBe('/orders?problem=late#row');
  });
  it('forgets how Remix asked for the page’s data', () => {
    const request = new Request('http://c/orders.data?q=1&_routes=root');
    expect(nextOf(request)).toBe('/orders?q=1');
    expect(nextOf(new Request('http://c/_root.data'))).toBe('/');
  });
  it('returns to the page a form stood on, where the browser says which', () => {
    const sent = (headers: Record<string, string>) =>
      nextOf(new Request('http://c/orders/1.data', { method: 'POST', headers }));
    expect(sent({ referer: 'http://c/quarantine/case-1?tab=history' })).toBe('/quarantine/case-1?tab=history');
    expect(sent({ referer: 'nonsense' })).toBe('/');
    expect(sent({})).toBe('/');
  });
});
