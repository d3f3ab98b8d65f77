/** Whoever makes up methods would make up labels. */
const METHODS: ReadonlySet<string> = new Set([
  ...["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"],
]);

/**
 * What a request may be called in metrics and traces: its method, or `_OTHER`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}
