import { isIdentifier } from "./source-text.ts";

/** Names that are given away once each. */
export interface Names {
  /** This one, or, where it is taken, this one with the lowest number that is free. */
  take(wanted: string): string;
}

/** Begins with some that nobody gets. */
export function names(reserved: readonly string[]): Names {
  const taken = new Set(reserved);
  /** The lowest number that may be free, so that a document of one name again and again is not counted through each time. */
  const numbers = new Map<string, number>();
  return {
    take: (wanted) => {
      let name = wanted;
      let number = numbers.get(wanted) ?? 2;
      for (; taken.has(name); number += 1) name = `${wanted}${number.toString()}`;
      numbers.set(wanted, number);
      taken.add(name);
      return name;
    },
  };
}

/** An identifier that begins with a capital letter: `error-message` is `ErrorMessage`. */
export function typeIdentifier(text: string): string {
  const name = capitalized(wordsOf(text).map(capitalized).join(""));
  if (!/^[A-Z]/.test(name)) return `Schema${name}`;
  return GLOBALS.has(name) ? `${name}Schema` : name;
}

/** Names that mean something in every module, some of them in the source itself. */
const GLOBALS = new Set([
  ...["Array", "BigInt", "Boolean", "Date", "Error", "File", "Function", "Infinity", "Map", "NaN", "Number", "Object"],
  ...["Promise", "Proxy", "Record", "RegExp", "Request", "Response", "Set", "String", "Symbol"],
]);

/** An identifier that begins with a small letter: `get-square` is `getSquare`. What is an identifier already stays. */
export function valueIdentifier(text: string): string {
  // A client with a member called `then` would be taken for a promise.
  if (isIdentifier(text) && text !== "then" && text !== "__proto__") return text;
  const [first = "operation", ...others] = wordsOf(text);
  const name = first.slice(0, 1).toLowerCase() + first.slice(1) + others.map(capitalized).join("");
  return /^[A-Za-z]/.test(name) && name !== "then" && name !== "proto" ? name : `operation${capitalized(name)}`;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
