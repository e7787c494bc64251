/** Error code of a call that was not made because the connector's breaker is open. */
export const BREAKER_OPEN = 'breaker_open';
