/** What a worker inherits: what programs need to be found and to speak a language, and nothing that may be a secret. */
const INHERITED: readonly string[] = [
  "HOME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "PATH",
  "SystemRoot",
  "TEMP",
  "TMP",
  "TMPDIR",
  "TZ",
];

/** The environment of a worker. */
export function workerEnvironment(given: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...given };
}
