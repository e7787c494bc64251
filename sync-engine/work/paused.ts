/** Error codes of a call that was not made: the breaker is open, the system in maintenance, or its quota used up. */
export const BREAKER_OPEN = 'breaker_open';
export const MAINTENANCE = 'maintenance';
export const QUOTA = 'quota';
/** Error code of a call that was not made because a person has paused the connector. */
export const PAUSED_BY_HAND = 'paused';
/** Error code of a call that was not made because the attempt had taken too long to come to it. */
export const OVERDUE = 'overdue';
export const PAUSED: ReadonlySet<string> = new Set([BREAKER_OPEN, MAINTENANCE, QUOTA, PAUSED_BY_HAND]);
