import { mappingKind } from '#contracts/v1/mapping.ts';
import { mappingKindInWords } from '#app/cases/causes.ts';
import type { EstateNames } from '#app/words/names.ts';

/** Kinds and systems of a mapping to choose from. */
export const mappingChoices = (names: EstateNames) => ({
  kinds: mappingKind.options.map((value) => ({ value, label: mappingKindInWords(value) })),
  systems: Object.entries(names.systems).map(([value, { name }]) => ({ value, label: name })),
});
