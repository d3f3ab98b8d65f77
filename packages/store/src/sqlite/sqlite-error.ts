/** Result codes of SQLite: https://www.sqlite.org/rescode.html */
const busyCodes = new Set([5, 6]);
const corruptCode = 11;
const damagedCodes = new Set([corruptCode, 26]);
const fullCode = 13;

/** Whether somebody else has the database locked (SQLITE_BUSY, SQLITE_LOCKED). */
export function isBusy(error: unknown): boolean {
  return busyCodes.has(primaryCode(error));
}

/** Whether the file is damaged or no database at all (SQLITE_CORRUPT, SQLITE_NOTADB). */
export function isDamaged(error: unknown): boolean {
  return damagedCodes.has(primaryCode(error));
}

/** What SQLite would throw, had it seen what is wrong itself (SQLITE_CORRUPT). */
export function damage(message: string): Error {
  return Object.assign(new Error(message), { errcode: corruptCode });
}

/** Whether the disk has no room (SQLITE_FULL). */
export function isFull(error: unknown): boolean {
  return primaryCode(error) === fullCode;
}

/** The low byte of an extended result code. */
function primaryCode(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}
