/** Names of devices, which are there in every directory, whatever follows a dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])\s*(?:\.|$)/i;

/**
 * Whether a name names one file on Windows, and by its own name: no device, no drive, no stream of another file (`a:b`), no
 * short form (`GIT~1`), and nothing that the system leaves out of it (dots and spaces at its end).
 *
 * @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function isWindowsName(name: string): boolean {
  return !/[<>:"/\\|?*]|~\d|[. ]$/.test(name) && !DEVICE.test(name);
}
