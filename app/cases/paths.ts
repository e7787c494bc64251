/** Rows of a page of the inbox. */
export const casePageSize = 50;
