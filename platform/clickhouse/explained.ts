import { z } from 'zod';
import type { Settings } from './client.ts';

/**
 * How an EXPLAIN answers: a line each as JSON. Said beside the statement, since a FORMAT clause would be taken for one of
 * what is explained.
 */
export const explainSettings: Settings = { default_format: 'JSONEachRow' };

const line = z.object({ explain: z.string() });

export const readExplained = (answer: string): string[] =>
  answer
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => line.parse(JSON.parse(row)).explain);
