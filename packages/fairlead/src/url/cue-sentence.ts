import type { PhishingCue } from "@fairlead/widgets/url";

/** Says why a URL could be a deception, and how certain that is. */
export function cueSentence(cue: PhishingCue): string {
  return `${cue.certainty}: ${reason(cue)}`;
}

function reason(cue: PhishingCue): string {
  switch (cue.type) {
    case "look-alike":
      return `this is not ${site(cue)}, ${hows[cue.how]}`;
    case "deceptive-name":
      return `${site(cue)}, is named in the ${cue.where === "subdomain" ? "subdomains" : "registered name"}, which belong to somebody else`;
    case "hidden-domain":
      return `${String(cue.characters)} characters stand before the name that decides, and hide it in a narrow window`;
    case "fresh-certificate":
      return `the certificate is ${String(Math.floor(cue.ageMilliseconds / 3_600_000))} hours old`;
    case "password-in-the-clear":
      return "the page asks for a password, and everybody on the way can read it";
  }
}

function site({ of, known }: { readonly of: string; readonly known: "visited" | "well-known" }): string {
  return `${of}, which ${known === "visited" ? "you visit" : "is well known"}`;
}

const hows: Readonly<Record<Extract<PhishingCue, { readonly type: "look-alike" }>["how"], string>> = {
  "same-to-the-eye": "and looks the same",
  "digits-for-letters": "and has digits in the place of letters",
  "one-character": "and is one character away from it",
};
