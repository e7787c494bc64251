/**
 * One posting key for each payment that gives money back; connectors know our refunds by how it begins. All but the
 * first have a suffix that no transaction key can contain: with a plain one, the second payment of `RMA-1` would go by
 * the key of the first of `RMA-1-2`.
 * @param key the return's transaction key.
 * @param made how many of its payments have given back before.
 */
export const refundKey = (key: string, made: number): string => (made === 0 ? `ref-${key}` : `ref-${key}~${made + 1}`);
