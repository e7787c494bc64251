import { mildTroubles, type Scenario } from './scenario.ts';

/** A new local tax appears on three orders in ten before anybody has mapped it to the ERP's code. */
export const unmappedTaxCode: Scenario = {
  name: 'unmapped-tax-code',
  description: 'A new tax appears that nobody has mapped yet',
  troubles: { ...mildTroubles, unmappedTax: 0.3 },
};
