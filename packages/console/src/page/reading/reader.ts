/**
 * Reads a value of JSON as one type. The page can be attached to any program: what that says is checked before it is
 * believed, member by member, and what nobody asked for is left behind.
 *
 * @throws UnreadableValue
 */
export type Reader<T> = (value: unknown) => T;

/** A value is not of the type that it has to be of. */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";
}

/** What `Date` can say. */
const LATEST_MOMENT = 8.64e15;

/** A text, of whatever characters. */
export const text: Reader<string> = (value) => {
  if (typeof value === "string") return value;
  throw new UnreadableValue("this is no text");
};

/** True or false. */
export const flag: Reader<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  throw new UnreadableValue("this is neither true nor false");
};

/** A finite number: JSON may write others, such as `1e999`. */
export const number: Reader<number> = (value) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UnreadableValue("this is no number");
};

/** A number that things are counted by, or known by. */
export const whole: Reader<number> = (value) => {
  if (Number.isSafeInteger(value) && number(value) >= 0) return number(value);
  throw new UnreadableValue("this is no whole number");
};

/** Milliseconds since the epoch. */
export const moment: Reader<number> = (value) => {
  if (Math.abs(number(value)) <= LATEST_MOMENT) return number(value);
  throw new UnreadableValue("this is no moment");
};

/** What is left out is `undefined`. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

/** `null`, or a value. */
export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

/** A list of things of one type. */
export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (Array.isArray(value)) return value.map((each: unknown) => read(each));
    throw new UnreadableValue("this is no list");
  };
}

/** Two values in a list. */
export function pair<T>(read: Reader<T>): Reader<readonly [T, T]> {
  return (value) => {
    if (Array.isArray(value) && value.length === 2) return [read(value[0]), read(value[1])];
    throw new UnreadableValue("this is no pair");
  };
}

/** One of the words of a union. */
export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return (value) => {
    const found = words.find((each) => each === value);
    if (found !== undefined) return found;
    throw new UnreadableValue(`this is none of ${words.join(", ")}`);
  };
}

/** How each member of an object is read. */
export type Members<T> = { readonly [Name in keyof T]-?: Reader<T[Name]> };

/** An object of its own members alone: what it would inherit does not count, and no other name is taken over. */
export function object<T>(members: Members<T>): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(members);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UnreadableValue("this is no object");
    }
    const entries = readers.map(([name, read]) => [name, read(ownMember(value, name))] as const);
    // Each member was read by the reader of its name.
    return Object.fromEntries(entries.filter(([, member]) => member !== undefined)) as T;
  };
}

/** An object whose `name` tells which of several it is. */
export function variant<Name extends string, T extends Readonly<Record<Name, string>>>(
  name: Name,
  readers: { readonly [Word in T[Name]]: Reader<Extract<T, Readonly<Record<Name, Word>>>> },
): Reader<T> {
  return (value) => {
    const word = typeof value === "object" && value !== null ? ownMember(value, name) : undefined;
    if (typeof word !== "string" || !Object.hasOwn(readers, word)) {
      throw new UnreadableValue(`this has no ${name} that is known`);
    }
    return readers[word as T[Name]](value);
  };
}

function ownMember(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
