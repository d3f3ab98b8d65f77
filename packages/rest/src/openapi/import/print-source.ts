import { docstring, memberName } from "./source-text.ts";
import type { Member, Source, SourceCall } from "./source-tree.ts";

/** Columns that a line has. */
const LINE_WIDTH = 120;

/**
 * Writes an expression as Biome formats it.
 *
 * @param indent spaces before the line that it begins on.
 * @param column where on that line it begins.
 * @param after characters that have to fit behind it.
 */
export function printSource(source: Source, indent = 0, column = indent, after = 1): string {
  const flat = flatSource(source);
  if (flat !== undefined && column + flat.length + after <= LINE_WIDTH) return flat;
  switch (source.type) {
    case "atom":
      return source.text;
    case "array":
      return printArray(source.items, indent);
    case "object":
      return printObject(source.members, indent);
    case "chain":
      return printChain(source.head, source.calls, indent, column, after);
  }
}

/** On one line; `undefined` where it has to be on several. */
function flatSource(source: Source): string | undefined {
  switch (source.type) {
    case "atom":
      return source.text;
    case "array": {
      if (isMatrix(source.items)) return undefined;
      const items = flatAll(source.items);
      return items === undefined ? undefined : `[${items.join(", ")}]`;
    }
    case "object": {
      if (source.expanded) return undefined;
      const values = flatAll(source.members.map(({ value }) => value));
      const members = values?.map((value, index) => `${memberName(source.members[index]?.name ?? "")}: ${value}`);
      return members === undefined ? undefined : members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
    }
    case "chain": {
      if (source.calls.length > 2 && !source.calls.every((call) => call.arguments.every((part) => isSimple(part, 0)))) {
        return undefined;
      }
      const calls = source.calls.map((call) => flatCall(call));
      return calls.includes(undefined) ? undefined : source.head + calls.join("");
    }
  }
}

function flatAll(sources: readonly Source[]): readonly string[] | undefined {
  const flat = sources.map(flatSource).filter((text) => text !== undefined);
  return flat.length === sources.length ? flat : undefined;
}

function flatCall({ name, arguments: parameters }: SourceCall): string | undefined {
  const flat = flatAll(parameters);
  return flat === undefined ? undefined : `${name === "" ? "" : `.${name}`}(${flat.join(", ")})`;
}

/** Several lists, or several objects, of several members each. */
function isMatrix(items: readonly Source[]): boolean {
  if (items.length < 2) return false;
  return (
    items.every((item) => item.type === "array" && item.items.length > 1) ||
    items.every((item) => item.type === "object" && item.members.length > 1)
  );
}

/** Whether an argument is so plain that a chain of three calls and more may stay on its line. */
function isSimple(source: Source, depth: number): boolean {
  if (depth >= 2) return false;
  switch (source.type) {
    case "atom":
      return !/^\/.{6,}\/u?$/.test(source.text);
    case "array":
      return source.items.every((item) => isSimple(item, depth + 1));
    case "object":
      return source.members.every(({ value }) => isSimple(value, depth + 1));
    case "chain":
      return source.calls.every((call) => call.arguments.every((part) => isSimple(part, depth + 1)));
  }
}

function printArray(items: readonly Source[], indent: number): string {
  if (items.every((item) => item.type === "atom" && /^-?\d/.test(item.text))) return printNumbers(items, indent);
  const lines = items.map((item) => `${spaces(indent + 2)}${printSource(item, indent + 2)},\n`);
  return `[\n${lines.join("")}${spaces(indent)}]`;
}

/** As many on a line as fit. */
function printNumbers(items: readonly Source[], indent: number): string {
  const lines: string[] = [];
  for (const item of items) {
    const text = `${flatSource(item) ?? ""},`;
    const line = lines.at(-1);
    if (line !== undefined && indent + 2 + line.length + 1 + text.length <= LINE_WIDTH)
      lines[lines.length - 1] = `${line} ${text}`;
    else lines.push(text);
  }
  return `[\n${lines.map((line) => `${spaces(indent + 2)}${line}\n`).join("")}${spaces(indent)}]`;
}

function printObject(members: readonly Member[], indent: number): string {
  return `{\n${members.map((member) => printMember(member, indent + 2)).join("")}${spaces(indent)}}`;
}

function printMember({ name, value, getter = false, documentation }: Member, indent: number): string {
  const lines = documentation === undefined ? [] : docstring(documentation);
  const above = lines.map((line) => `${spaces(indent)}${line}\n`).join("");
  const key = memberName(name);
  if (getter) {
    const body = printSource(value, indent + 2, indent + 2 + "return ".length);
    return `${above}${spaces(indent)}get ${key}() {\n${spaces(indent + 2)}return ${body};\n${spaces(indent)}},\n`;
  }
  return `${above}${spaces(indent)}${key}:${printValue(value, indent, indent + key.length + 1)},\n`;
}

/** A text that does not fit behind its name goes below it, and so does anything behind a name that is too long. */
function printValue(value: Source, indent: number, column: number): string {
  const isText = value.type === "atom" && /^["']/.test(value.text);
  const least = isText ? value.text.length + 1 : 1;
  if (column + 1 + least <= LINE_WIDTH) return ` ${printSource(value, indent, column + 1)}`;
  return `\n${spaces(indent + 2)}${printSource(value, indent + 2)}`;
}

function printChain(head: string, calls: readonly SourceCall[], indent: number, column: number, after: number): string {
  // The call of a function, and the first on what has a name of its own, stay with it.
  const isShort = head === "z" || head.startsWith("z.");
  const merged = isShort ? 0 : 1;
  const isOneGroup = calls.length < (isShort ? 2 : 3) || endsWithNotes(head, calls, column);
  let text = head;
  let at = indent;
  for (const [index, call] of calls.entries()) {
    if (!isOneGroup && index >= merged) {
      at = indent + 2;
      text += `\n${spaces(at)}`;
    }
    const line = text.includes("\n") ? text.length - text.lastIndexOf("\n") - 1 : column + text.length;
    text += printCall(call, at, line, index === calls.length - 1 ? after : 0);
  }
  return text;
}

/** Two calls of which the first is short and the second takes an object stay where they are. */
function endsWithNotes(head: string, [first, last, ...others]: readonly SourceCall[], column: number): boolean {
  if (first === undefined || last === undefined || others.length > 0) return false;
  const [only] = last.arguments;
  const flat = flatCall(first);
  if (flat === undefined || last.arguments.length !== 1 || only?.type !== "object") return false;
  return column + head.length + flat.length + last.name.length + 3 <= LINE_WIDTH;
}

function printCall(call: SourceCall, indent: number, column: number, after: number): string {
  const flat = flatCall(call);
  if (flat !== undefined && column + flat.length + after <= LINE_WIDTH) return flat;
  const { name, arguments: parameters } = call;
  const [only] = parameters;
  const opening = `${name === "" ? "" : `.${name}`}(`;
  if (only === undefined) return `${opening})`;
  if (parameters.length === 1 && (only.type === "object" || only.type === "array")) {
    return `${opening}${printSource(only, indent, column + opening.length, after + 1)})`;
  }
  const lines = parameters.map((parameter) => `${spaces(indent + 2)}${printSource(parameter, indent + 2)},\n`);
  return `${opening}\n${lines.join("")}${spaces(indent)})`;
}

function spaces(count: number): string {
  return " ".repeat(count);
}
