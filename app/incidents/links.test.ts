import { describe, expect, it } from 'vitest';
import { type IncidentLink, linkKey } from '#contracts/v1/incident.ts';
import { linkOfAddress, linkOfKey, linkPath } from './links.ts';

const links: readonly IncidentLink[] = [
  { kind: 'cause', fingerprint: 'abcdef0123456789' },
  { kind: 'case', case_id: '0f3c-22' },
  { kind: 'connector', connector_id: 'netsuite' },
  { kind: 'transaction', flow: 'order_to_cash', key: 'shop==1001' },
  { kind: 'transaction', flow: 'return_to_refund', key: 'shop=2Dde==R=2F7' },
  { kind: 'runbook', error_class: 'mapping' },
];

describe('a link of an incident', () => {
  it.each(links)('is found again by its key and by the address of its page: $kind', (link) => {
    expect(linkOfKey(linkKey(link))).toEqual(link);
    expect(linkOfAddress(linkPath(link))).toEqual(link);
    expect(linkOfAddress(`https://console.example.com${linkPath(link)}?range=1h#top`)).toEqual(link);
  });

  it('is a cause too where the list of its cases is named', () => {
    expect(linkOfAddress('/quarantine?group=abcdef0123456789')).toEqual(links[0]);
  });

  it.each([
    '',
    'cause:',
    'cause:not a fingerprint',
    'planet:mars',
    'transaction:order_to_cash',
    'transaction:x/shop==1',
  ])('is none by the key %j', (text) => expect(linkOfKey(text)).toBeUndefined());

  it.each(['', '1001', '/', '/orders', '/quarantine', '/orders/%ZZ', '/connectors/NO', 'https://', '/query'])(
    'is none by the address %j',
    (text) => expect(linkOfAddress(text)).toBeUndefined(),
  );
});
