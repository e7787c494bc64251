import type { Role } from '#contracts/v1/permissions.ts';

/** The signed-in person, as loaders and pages see them. */
export interface Viewer {
  id: string;
  email: string;
  name: string;
  roles: readonly Role[];
}
