/**
 * Who may read and change a store's files: its owner, nobody else. POSIX modes only; on Windows the access control
 * lists of the user's profile do this, and only links and file types are looked at.
 *
 * No check here races with other users: they can change neither the directories that lead there, which are looked at
 * first, nor what stands in the last one.
 */
export { prepareDirectory, syncDirectory, type PlaceOptions } from "./permissions/directory.ts";
export {
  closeToOthers,
  createPrivateFile,
  openPrivateFile,
  openPrivateHandle,
  verifyPrivateFile,
} from "./permissions/private-file.ts";
export { currentUser, hasCode, openFailed } from "./permissions/refusal.ts";
export { verifyStore } from "./permissions/verify-store.ts";
