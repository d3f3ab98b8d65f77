/**
 * Divides what is shown of a URL where a line of it may end: behind a slash that is not the scheme's, and behind what
 * divides a query. What is longer than anybody reads stays in one piece.
 */
export function breakableUrlText(text: string): readonly string[] {
  return text.length > LONGEST ? [text] : text.split(JOINT);
}

const LONGEST = 2_048;
const JOINT = /(?<=[^/:]\/)(?=[^/])|(?<=[?&])(?=.)/su;
