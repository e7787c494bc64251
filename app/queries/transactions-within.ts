import { instantParam } from './columns.ts';

const farAhead = "toDateTime64('2299-12-31 00:00:00', 3, 'UTC')";

/** SQL: orders placed within [from, to), the names of two parameters; nothing that was placed at other times is read. */
export const ordersPlacedWithin = (from: string, to: string): string =>
  `transactions_within(since = ${instantParam(from)}, until = ${instantParam(to)})`;

/** SQL: transactions that began at or after the parameter `since`. */
export const transactionsSince = (since: string): string =>
  `transactions_within(since = ${instantParam(since)}, until = ${farAhead})`;
