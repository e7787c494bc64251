/** Ways in for steps that other systems tell of: files and spans. */
const outsideSources = ['import', 'otlp'] as const;
export type OutsideSource = (typeof outsideSources)[number];

/** Names a writer of such steps; no writer of the engine is named so. */
export const outsideWriter = (source: OutsideSource, nonce: string): string => `${source}-${nonce}`;

/** By which way another system told of a step event; undefined where it did not. */
export const outsideSourceOf = (writer: string): OutsideSource | undefined =>
  outsideSources.find((source) => writer.startsWith(outsideWriter(source, '')));

/** Was a step event told by another system? It is shown, and nothing follows from it. */
export const isOutsideWriter = (writer: string): boolean => outsideSourceOf(writer) !== undefined;
