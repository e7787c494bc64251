export const goingLivePath = '/going-live';
/** Address of a system's way to going live. */
export const goingLiveOf = (id: string): string => `${goingLivePath}/${encodeURIComponent(id)}`;
