/**
 * Refuses what an application may not say in a Close.
 *
 * @throws DOMException InvalidAccessError for the code, SyntaxError for the reason.
 * @see WHATWG WebSockets section 3.1
 */
export function checkClose(code: number | undefined, reason: string): void {
  if (code !== undefined && code !== 1000 && !(Number.isInteger(code) && code >= 3000 && code <= 4999)) {
    throw new DOMException(`close code ${String(code)} is not the application's to send`, "InvalidAccessError");
  }
  if (Buffer.byteLength(reason) > 123) throw new DOMException("the reason is longer than 123 bytes", "SyntaxError");
}
