export const rulesPath = '/quarantine/rules';
/** Address of a rule's page; without an id, of a new one. */
export const rulePath = (id = 'new'): string => `${rulesPath}/${encodeURIComponent(id)}`;
/** Where a rule for a cause begins, with the changes of a repair that cured it where one is named. */
export const newRulePath = (fingerprint: string, repair?: string): string =>
  `${rulePath()}?${new URLSearchParams({ cause: fingerprint, ...(repair === undefined ? {} : { repair }) }).toString()}`;
export const shadowsPath = '/quarantine/shadow';
/** Address of a shadow run's page. */
export const shadowPath = (id: string): string => `${shadowsPath}/${encodeURIComponent(id)}`;
