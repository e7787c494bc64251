/** Columns that several tables of Query have, and what each of them is. */
export const dimensions = {
  system: 'System of the estate',
  channel: 'Sales channel',
  region: 'Region',
  legal_entity: 'Legal entity',
  brand: 'Brand',
} as const;
export const money = { amount: 'Amount in currency', currency: 'ISO 4217' } as const;
export const origin = { origin: 'live, backfill or simulated' } as const;
export const failure = {
  error_class: 'Class of the failure: mapping, timeout, validation …',
  error_code: "The system's own code",
  error_path: 'Field at fault, as a path into the payload',
} as const;
