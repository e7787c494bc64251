/**
 * Taxes as the channels name them on their tax lines, and the ERP's code each maps to. Rates in millionths. The
 * mapping itself is the engine's; the estate seeds it through the public API.
 */
export interface TaxDefinition {
  title: string;
  ratePpm: number;
  erpCode: string;
}

const us = (title: string, ratePpm: number, erpCode: string): TaxDefinition => ({ title, ratePpm, erpCode });

/** Sales taxes by US state: the state's own and, where there is one, the county's or city's. */
export const usTaxes: Record<string, readonly TaxDefinition[]> = {
  NY: [us('New York State Tax', 40_000, 'NY-STATE'), us('New York City Tax', 45_000, 'NY-CITY')],
  CA: [us('California State Tax', 72_500, 'CA-STATE'), us('Los Angeles County Tax', 22_500, 'CA-LA')],
  TX: [us('Texas State Tax', 62_500, 'TX-STATE'), us('Austin City Tax', 10_000, 'TX-AUSTIN')],
  WA: [us('Washington State Tax', 65_000, 'WA-STATE'), us('Seattle City Tax', 38_500, 'WA-SEATTLE')],
  IL: [us('Illinois State Tax', 62_500, 'IL-STATE'), us('Chicago City Tax', 12_500, 'IL-CHICAGO')],
  MA: [us('Massachusetts State Tax', 62_500, 'MA-STATE')],
  PA: [us('Pennsylvania State Tax', 60_000, 'PA-STATE')],
  FL: [us('Florida State Tax', 60_000, 'FL-STATE'), us('Miami-Dade County Tax', 10_000, 'FL-DADE')],
  CO: [us('Colorado State Tax', 29_000, 'CO-STATE'), us('Denver City Tax', 48_100, 'CO-DENVER')],
  OR: [],
};

export const euTaxes: Record<string, TaxDefinition> = {
  DE: { title: 'DE MwSt', ratePpm: 190_000, erpCode: 'DE-S' },
  FR: { title: 'FR TVA', ratePpm: 200_000, erpCode: 'FR-S' },
  NL: { title: 'NL BTW', ratePpm: 210_000, erpCode: 'NL-S' },
  AT: { title: 'AT USt', ratePpm: 200_000, erpCode: 'AT-S' },
  BE: { title: 'BE TVA', ratePpm: 210_000, erpCode: 'BE-S' },
};

/** What Amazon collects and remits itself; it names neither the taxes behind it nor their rates. */
const amazonTax: TaxDefinition = { title: 'Amazon marketplace facilitator tax', ratePpm: 80_000, erpCode: 'AMZN-MF' };

export const ukTax: TaxDefinition = { title: 'GB VAT', ratePpm: 200_000, erpCode: 'GB-S' };

/** Taxes just introduced, by market: the ERP has their codes already, nobody has mapped them yet. */
export const unmappedTaxes: Record<'us' | 'eu' | 'uk', TaxDefinition> = {
  us: { title: 'Greenfield Transit District Tax', ratePpm: 5_000, erpCode: 'GREENFIELD-TD' },
  eu: { title: 'EU Textile Recycling Levy', ratePpm: 4_000, erpCode: 'EU-TRL' },
  uk: { title: 'GB Packaging Levy', ratePpm: 3_000, erpCode: 'GB-PKG' },
};

export const mappedTaxes: readonly TaxDefinition[] = [
  ...Object.values(usTaxes).flat(),
  ...Object.values(euTaxes),
  ukTax,
  amazonTax,
];

/** Tax codes the simulated ERP knows. */
export const erpTaxCodes: ReadonlySet<string> = new Set(
  [...mappedTaxes, ...Object.values(unmappedTaxes)].map((tax) => tax.erpCode),
);
