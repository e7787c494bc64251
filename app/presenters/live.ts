import { ordersPerBucket } from '#app/queries/orders-per-bucket.ts';
import type { AppContext } from '#app/server/context.ts';
import type { TimeRange } from '#app/time-range.ts';

export async function presentLive(context: AppContext, range: TimeRange) {
  const rows = await context.read(ordersPerBucket, { from: range.from, to: range.to, bucket: range.bucketSeconds });
  return { range, placed: rows.reduce((sum, row) => sum + row.orders, 0) };
}
