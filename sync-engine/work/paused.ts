/** Error codes of a call that was not made: the connector's breaker is open, or its system is in maintenance. */
export const BREAKER_OPEN = 'breaker_open';
export const MAINTENANCE = 'maintenance';
export const PAUSED: ReadonlySet<string> = new Set([BREAKER_OPEN, MAINTENANCE]);
