/**
 * Whether a name is one that a list of patterns means: `*` stands for anything, `?` for one character, and a pattern
 * behind `!` takes the name out of the list, whatever else is there.
 *
 * @param patterns separated by commas, as in a known-hosts file or a configuration of OpenSSH.
 * @param name in lower case.
 * @see ssh_config(5), "PATTERNS"
 */
export function matchesPatternList(patterns: string, name: string): boolean {
  let isListed = false;
  for (const pattern of patterns.toLowerCase().split(",")) {
    if (pattern.startsWith("!")) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (pattern !== "" && matchesPattern(pattern, name)) isListed = true;
  }
  return isListed;
}

/** Goes back to the last star only, so its time is at most the product of the two lengths. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let index = 0; index < name.length; ) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at;
      resumeAt = index;
      at += 1;
    } else if (wanted === "?" || wanted === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resumeAt += 1;
      index = resumeAt;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
