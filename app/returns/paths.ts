import type { returnProblems } from '#app/queries/returns.ts';

export const returnsPath = '/returns';
/** Rows of a page of the list of returns. */
export const returnPageSize = 50;

/** Address of the returns that a figure counts; of all without a problem. */
export const returnsAsked = (problem: (typeof returnProblems)[number] | ''): string =>
  problem === '' ? returnsPath : `${returnsPath}?problem=${problem}`;
