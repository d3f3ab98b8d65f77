/** A stretch of a text, and whether it is what was typed. */
export interface MatchedPart {
  readonly text: string;
  readonly matched: boolean;
}

/** Cuts a shown text where a typed word begins or ends, so that what was typed can be emphasised. Nothing is left out. */
export function matchedParts(shown: string, typed: string): readonly MatchedPart[] {
  const lower = shown.toLowerCase();
  // A few letters change their length in lower case: then positions say nothing.
  if (lower.length !== shown.length) return shown === "" ? [] : [{ text: shown, matched: false }];
  const words = typed
    .toLowerCase()
    .replace(/^\s*(?:https?:\/\/)?(?:www\.)?/u, "")
    .split(/\s+/u)
    .filter(Boolean);
  const marked = new Uint8Array(shown.length);
  for (const word of words.slice(0, 16)) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) {
      marked.fill(1, at, at + word.length);
    }
  }
  const parts: MatchedPart[] = [];
  let from = 0;
  for (let at = 1; at <= shown.length; at += 1) {
    if (at < shown.length && marked[at] === marked[from]) continue;
    parts.push({ text: shown.slice(from, at), matched: marked[from] === 1 });
    from = at;
  }
  return parts;
}
