import { caseDocuments } from './case-documents.ts';
import { caseReading } from './case-reading.ts';
import { caseWork } from './case-work.ts';
import { causeOperations } from './causes.ts';
import { exportOperations } from './exports.ts';
import type { ApiOperation } from './operation.ts';
import { reconciliationOperations } from './reconciliation.ts';
import { repairOperations } from './repairs.ts';
import { ruleOperations } from './rules.ts';
import { shadowOperations } from './shadow-runs.ts';
import { webhookOperations } from './webhooks.ts';

/** Everything that can be asked of the console's API. */
export const operations: readonly ApiOperation[] = [
  ...caseReading,
  ...caseDocuments,
  ...caseWork,
  ...causeOperations,
  ...repairOperations,
  ...ruleOperations,
  ...shadowOperations,
  ...reconciliationOperations,
  ...exportOperations,
  ...webhookOperations,
];
