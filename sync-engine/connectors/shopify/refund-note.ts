/** What our refunds say in the shop: the return's number for its staff, our key to know it by. REST takes no key of ours. */
export const noteOf = (returnNumber: string, refundKey: string): string => `Return ${returnNumber} [${refundKey}]`;

/** The mark of one refund in its note. */
export const hasMark = (note: string | null | undefined, refundKey: string): boolean =>
  note?.includes(`[${refundKey}]`) === true;

/** Is a refund one that we made? Our keys begin alike. */
export const isOurs = (note: string | null | undefined): boolean => note?.includes('[ref-') === true;
