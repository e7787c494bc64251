import { describe, expect, it } from 'vitest';
import { lifecycle } from '#contracts/v1/order.ts';
import { adminLink, inWords, systemColour, systemName, type EstateNames } from './names.ts';
import { whatToTellTheCustomer } from './customer.ts';
import { stepLabel, stepRank, stepWait } from './steps.ts';

const names: EstateNames = {
  systems: {
    netsuite: { name: 'NetSuite', role: 'erp', adminUrl: 'https://erp.example/record?id={id}' },
    mail: { name: 'E-mail', role: 'notification', adminUrl: 'javascript:{id}' },
  },
  channels: {},
  entities: {},
  locations: { 'dc-eu': 'Venlo' },
};
const calm = { openCase: false, held: false, late: false, trackingNumbers: [] };

describe('what to tell the customer', () => {
  it.each(lifecycle.options)('has a sentence for an order that is %s', (state) => {
    const { say } = whatToTellTheCustomer(state, calm);
    expect(say).toMatch(/^[A-Z].*\.$/);
    expect(say).not.toMatch(/_|undefined|!/);
  });
  it('names the tracking numbers once something left', () => {
    const line = whatToTellTheCustomer('shipped', { ...calm, trackingNumbers: ['1Z9', '1Z8'] });
    expect(line.say).toBe('Your order is on its way to you. The tracking number is 1Z9 and 1Z8.');
    expect(whatToTellTheCustomer('allocated', { ...calm, trackingNumbers: ['1Z9'] }).say).not.toContain('1Z9');
  });
  it('does not promise a date for an order that waits in quarantine', () => {
    const line = whatToTellTheCustomer('allocated', { ...calm, openCase: true });
    expect(line.aside).toContain('Do not promise a date');
  });
  it('asks for an apology when the order is late and has not left', () => {
    expect(whatToTellTheCustomer('allocated', { ...calm, late: true }).aside).toContain('apologise');
    expect(whatToTellTheCustomer('shipped', { ...calm, late: true }).aside).toBe('');
  });
});

describe('names of steps and systems', () => {
  it('has words for known steps and readable ones for others', () => {
    expect(stepLabel('erp_create_sales_order')).toBe('Sales order created');
    expect(stepLabel('carrier_pick_up')).toBe('Carrier pick up');
    expect(stepWait('wms_release', 'WMS East')).toBe('the queue of WMS East');
    expect(stepRank('intake_received')).toBeLessThan(stepRank('settle'));
  });
  it('keeps a system’s name and colour, and leaves Syncline neutral', () => {
    expect([systemName(names, 'netsuite'), systemName(names, ''), systemName(names, 'gone')]).toEqual([
      'NetSuite',
      'Syncline',
      'gone',
    ]);
    expect(systemColour(names, 'netsuite')).toBe('var(--category-2)');
    expect(systemColour(names, '')).toBe('var(--muted)');
  });
  it('links to the vendor’s record only over the web', () => {
    expect(adminLink(names, 'netsuite', 'SO 1/2')).toBe('https://erp.example/record?id=SO%201%2F2');
    expect(adminLink(names, 'mail', '1')).toBe('');
    expect(adminLink(names, 'netsuite', '')).toBe('');
  });
});

describe('the engine’s text as people say it', () => {
  it.each([
    [
      'The tax "EU Levy" has no tax code in netsuite. Map it.',
      'The tax "EU Levy" has no tax code in NetSuite. Map it.',
    ],
    ['PUT to netsuite.', 'PUT to NetSuite.'],
    ['dc-eu holds every line just now.', 'Venlo holds every line just now.'],
    ['The flow got past validate.', 'The flow got past “Checked”.'],
    ['The transaction ended at settle.', 'The transaction ended at “Settled”.'],
    ['Orders of the past are not screened again.', 'Orders of the past are not screened again.'],
    ['3 told to replay are not past their step yet.', '3 told to replay are not past their step yet.'],
    ['netsuite has no such document for this order.', 'NetSuite has no such document for this order.'],
    ['It was asked. mail could not be asked.', 'It was asked. E-mail could not be asked.'],
    [
      'The place "A-1" of dc-eu is not mapped; the location "dc-eu" is (setting location.dc-eu, SKU "dc-eu").',
      'The place "A-1" of Venlo is not mapped; the location “Venlo” is (setting location.dc-eu, SKU "dc-eu").',
    ],
    ['TX-9 is now 42 for netsuite.', 'TX-9 is now 42 for NetSuite.'],
    [
      'Ordinary mail about https://x.example/dc-eu/1 and dc-eu-2 stays.',
      'Ordinary mail about https://x.example/dc-eu/1 and dc-eu-2 stays.',
    ],
  ])('%s', (text, words) => {
    expect(inWords(text, names)).toBe(words);
  });
});
