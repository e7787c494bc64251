import type { Random } from '../random.ts';
import { firstNames, lastNames } from './wording.ts';

export interface CustomerAddress {
  line1: string;
  city: string;
  province: string | null;
  provinceCode: string | null;
  zip: string;
  country: string;
  countryCode: string;
}

export interface Customer {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
  address: CustomerAddress;
}

export type Market = 'us' | 'eu' | 'uk';

const place = (
  city: string,
  province: string | null,
  provinceCode: string | null,
  zip: string,
  country: string,
  countryCode: string,
) => ({ city, province, provinceCode, zip, country, countryCode }) as const;

/** Cities are real so that maps and taxes work; streets and people are invented. */
const places = {
  us: [
    place('New York', 'New York', 'NY', '10003', 'United States', 'US'),
    place('Los Angeles', 'California', 'CA', '90013', 'United States', 'US'),
    place('Austin', 'Texas', 'TX', '78701', 'United States', 'US'),
    place('Seattle', 'Washington', 'WA', '98101', 'United States', 'US'),
    place('Chicago', 'Illinois', 'IL', '60601', 'United States', 'US'),
    place('Boston', 'Massachusetts', 'MA', '02108', 'United States', 'US'),
    place('Philadelphia', 'Pennsylvania', 'PA', '19103', 'United States', 'US'),
    place('Miami', 'Florida', 'FL', '33130', 'United States', 'US'),
    place('Denver', 'Colorado', 'CO', '80202', 'United States', 'US'),
    place('Portland', 'Oregon', 'OR', '97204', 'United States', 'US'),
  ],
  eu: [
    place('Berlin', null, null, '10117', 'Germany', 'DE'),
    place('Hamburg', null, null, '20095', 'Germany', 'DE'),
    place('München', null, null, '80331', 'Germany', 'DE'),
    place('Paris', null, null, '75004', 'France', 'FR'),
    place('Lyon', null, null, '69002', 'France', 'FR'),
    place('Amsterdam', null, null, '1016 AA', 'Netherlands', 'NL'),
    place('Wien', null, null, '1060', 'Austria', 'AT'),
    place('Brussel', null, null, '1000', 'Belgium', 'BE'),
  ],
  uk: [
    place('London', 'England', 'ENG', 'EC1A 1AA', 'United Kingdom', 'GB'),
    place('Manchester', 'England', 'ENG', 'M1 1AA', 'United Kingdom', 'GB'),
    place('Edinburgh', 'Scotland', 'SCT', 'EH1 1AA', 'United Kingdom', 'GB'),
    place('Bristol', 'England', 'ENG', 'BS1 1AA', 'United Kingdom', 'GB'),
  ],
} as const;

const streets = [
  'Sample Street',
  'Specimen Road',
  'Placeholder Lane',
  'Model Avenue',
  'Pattern Walk',
  'Example Square',
];

/** One of ten thousand invented customers of a market; every address is at example.com (RFC 2606). */
export function pickCustomer(random: Random, market: Market): Customer {
  const number = random.int(1, 10_000);
  const firstName = firstNames[number % firstNames.length] ?? 'Ada';
  const lastName = lastNames[Math.floor(number / firstNames.length) % lastNames.length] ?? 'Sample';
  const local = `${firstName}.${lastName}.${market}${number}`.toLowerCase().replace(/[^a-z0-9.]/g, '');
  const city = places[market][number % places[market].length] ?? places[market][0];
  return {
    id: 7_200_000_000_000 + number,
    firstName,
    lastName,
    email: `${local}@example.com`,
    phone: null,
    address: { line1: `${1 + (number % 240)} ${streets[number % streets.length] ?? 'Sample Street'}`, ...city },
  };
}
