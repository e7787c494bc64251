/** Address of a cause's page, where it is changed too. */
export const causePath = (fingerprint: string): string => `/quarantine/causes/${encodeURIComponent(fingerprint)}`;
/** Address of the open cases of a cause. */
export const causeCasesPath = (fingerprint: string): string => `/quarantine?group=${encodeURIComponent(fingerprint)}`;
