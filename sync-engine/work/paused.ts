/** Error codes of a call that was not made: the connector's breaker is open, or its system is in maintenance. */
export const BREAKER_OPEN = 'breaker_open';
export const MAINTENANCE = 'maintenance';
/** Error code of a call that was not made because the attempt had taken too long to come to it. */
export const OVERDUE = 'overdue';
export const PAUSED: ReadonlySet<string> = new Set([BREAKER_OPEN, MAINTENANCE]);
