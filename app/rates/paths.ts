export const ratesPath = '/rates';
/** Rows of a page of the rate table. */
export const ratePageSize = 100;
