export const repairsPath = '/quarantine/repairs';
/** Address of a repair run's page. */
export const repairPath = (id: string): string => `${repairsPath}/${encodeURIComponent(id)}`;
/** Where a repair of a whole cause begins. */
export const newRepairPath = (fingerprint: string): string => `${repairsPath}/new?cause=${fingerprint}`;
/** Rows of a page of what became of the cases. */
export const itemPageSize = 50;
