/**
 * Whether a `Content-Type` says that the body is an event stream, whatever its parameters: the encoding is UTF-8 in any
 * case.
 *
 * @see WHATWG HTML section 9.2.2
 */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType !== undefined && /^[\t ]*text\/event-stream[\t ]*(?:;|$)/i.test(contentType);
}
