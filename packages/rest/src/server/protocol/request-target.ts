/** What a request asks for. */
export interface RequestTarget {
  /** As it came, dot segments resolved. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
}

/** Takes the URL of a request apart, as the URL Standard writes it, without building one. */
export function requestTarget(url: string): RequestTarget {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const fragment = url.indexOf("#", start);
  const end = fragment === -1 ? url.length : fragment;
  const mark = url.indexOf("?", start);
  if (mark === -1 || mark > end) return { path: url.slice(start, end), query: "" };
  return { path: url.slice(start, mark), query: url.slice(mark + 1, end) };
}
