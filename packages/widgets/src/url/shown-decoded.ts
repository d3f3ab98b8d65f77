/**
 * Tells whether a percent-encoded character is shown as itself: one sees it, it moves nothing beside it, and it cannot be
 * taken for what separates the parts of a URL, for a space, or for a sign of security that a browser shows.
 *
 * @param carries whether a letter stands before it, that a combining mark may stand on.
 */
export function isShownDecoded(character: string, carries: boolean): boolean {
  if (character <= "\u007f") return /[a-z0-9._~-]/i.test(character);
  if (/\p{M}/u.test(character)) return carries && !unshown.test(character);
  if (unshown.test(character)) return false;
  if (/[\p{L}\p{N}]/u.test(character)) return !delimiterWithin(character);
  return /[\p{P}\p{S}]/u.test(character) && !delimiterLike.test(character) && !delimiterWithin(character);
}

/** Compatibility forms that hold a delimiter or a space: the fullwidth solidus, `℀`, a letter in brackets. */
function delimiterWithin(character: string): boolean {
  const plain = character.normalize("NFKC");
  return plain !== character && (delimiterLike.test(plain) || /[\0-,/:-@[-`{-\u007f]|\./.test(plain));
}

/** Nothing to be seen, or a blank; lines and solidi that strike through their letter; signs of security. */
const unshown =
  /[\p{DI}\p{Z}\p{C}\u2800\ufffc\ufffd\u0337\u0338\u20d2\u20e5\u{1f50f}-\u{1f513}\u{1f5dd}\u{1f6e1}\u{1f512}\u2713\u2714\u2705]/u;

/** What is taken for a solidus, a colon, a full stop, a question mark, a number sign, an equals sign or a percent sign. */
const delimiterLike =
  /[\u2044\u2215\u29f8\u29f9\u2571\u2572\u2216\u29f5\u3033-\u3035\u30fb\u3002\u06d4\u00b7\u2024\u2025\u2026\u2027\u2219\u22c5\u0387\u0589\u05c3\u061f\u066a\u06d4\u0701-\u0704\u1362\u16ec\u1803\u1809\u2030\u2031\u205a\u205d\u205e\u2236\ua789\ufe30\ufe13\u02d0\u02d1\u037e\ua4f8\ua4fd\ua60e\u{10a50}\u{1d16d}\u2e2e\u2e18\u29e3\u22d5\u2e40\u30a0\ua78a]/u;
