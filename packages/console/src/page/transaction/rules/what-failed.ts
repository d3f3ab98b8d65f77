/**
 * What an error says, without the remedy that its message ends with where that is told beside it.
 *
 * @param remedy `undefined` where there is none; one that the message does not end with takes nothing away.
 */
export function whatFailed(message: string, remedy: string | undefined): string {
  const end = `; ${remedy ?? ""}`;
  return remedy !== undefined && message.length > end.length && message.endsWith(end)
    ? message.slice(0, -end.length)
    : message;
}
