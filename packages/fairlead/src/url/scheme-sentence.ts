import type { SchemeClass } from "@fairlead/widgets/url";

/** Says what a scheme means, as what follows its name. */
export function schemeSentence(schemeClass: SchemeClass): string {
  return sentences[schemeClass];
}

const sentences: Readonly<Record<SchemeClass, string>> = {
  secure: "is encrypted, and the server proves its name; it is quiet",
  insecure: "can be read and changed by anybody on the way; it is flagged",
  file: "is on this machine or in its network; it is flagged",
  embedded: "holds content that came along: no server stands for it, and no name in it is an origin; it is flagged",
  script: "is a program that would run in the page that is open; no name in it is an origin; it is flagged",
  internal: "belongs to the program that shows it; no name in it is an origin; it is flagged",
  unknown: "means what another program makes of it; it is flagged",
};
