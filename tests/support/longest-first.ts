import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes. Times of earlier runs are not there in a fresh clone. */
const LONG = ['chaos', 'money-week'];

const isLong = ({ moduleId }: TestSpecification): boolean =>
  LONG.some((name) => moduleId.endsWith(`/integration/${name}.test.ts`));

/** Begins with the longest, so that none of them is what everything waits for in the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
