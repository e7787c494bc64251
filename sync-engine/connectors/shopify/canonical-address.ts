import type { PayloadAddress } from './order-payload.ts';

/** The text without surrounding space, or undefined where there is none. */
export function clean(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}

/** A vendor's date and time with its offset as a UTC instant with milliseconds. */
export function utc(text: string | null | undefined): string | undefined {
  return text == null ? undefined : new Date(text).toISOString();
}

interface Named {
  name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
}

export function personName(person: Named | null | undefined): string | undefined {
  const parts = [clean(person?.first_name), clean(person?.last_name)].filter((part) => part !== undefined);
  return clean(person?.name) ?? (parts.length === 0 ? undefined : parts.join(' '));
}

/** Shopify's address; what it leaves out is empty, except the country, which validation then asks for. */
export function canonicalAddress(address: PayloadAddress | null | undefined) {
  if (address == null) return undefined;
  const company = clean(address.company);
  const line2 = clean(address.address2);
  const region = clean(address.province_code);
  const phone = clean(address.phone);
  return {
    name: personName(address) ?? '',
    ...(company === undefined ? {} : { company }),
    line1: clean(address.address1) ?? '',
    ...(line2 === undefined ? {} : { line2 }),
    city: clean(address.city) ?? '',
    ...(region === undefined ? {} : { region_code: region }),
    postal_code: clean(address.zip) ?? '',
    country_code: clean(address.country_code) ?? '',
    ...(phone === undefined ? {} : { phone }),
  };
}
