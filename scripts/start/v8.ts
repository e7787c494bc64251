/**
 * Flags of every service. Most of what a service allocates lives for the milliseconds of one message: with the default
 * young generation of 16 MB much of it is copied, and some kept, before it dies.
 */
export const v8Flags = ['--max-semi-space-size=64'] as const;
