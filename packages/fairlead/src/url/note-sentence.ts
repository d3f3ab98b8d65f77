import type { UrlNote } from "@fairlead/widgets/url";

/** Says what a display leaves out or writes in another way; empty for what the labels say already. */
export function noteSentence(note: UrlNote): string {
  switch (note.type) {
    case "user-information-left-out":
      return "a user name or password is left out: it can say anything, even the name of another site";
    case "default-port-left-out":
      return `port ${note.port} is left out, as it is the scheme's own`;
    case "address-rewritten":
      return `the address was written as ${note.typed}, and is shown as ${note.shown}`;
    case "punycode-kept":
      return "";
    case "characters-kept-encoded":
      return `in the ${note.where} ${note.characters.join(" ")} stays encoded: it is not seen, or is taken for something else`;
    case "characters-dropped":
      return `${String(note.count)} characters that a URL cannot hold (spaces around it, tabs, line ends) are left out`;
    case "cut":
      return `of the ${note.where === "opaque" ? "content" : note.where}, ${String(note.characters)} characters at its end are not shown`;
  }
}
