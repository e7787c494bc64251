/** What keeps Syncline from starting, told in one line with what to do about it. */
export class StartError extends Error {
  override name = 'StartError';
}
