/** Whether an IP literal is reached by this machine alone. RFC 6890. */
export function isLoopback(address: string): boolean {
  return /^(?:127\.|::1$)/.test(address);
}
