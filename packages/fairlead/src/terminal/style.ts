import { styleText } from "node:util";
import type { Output } from "../command.ts";

/** What a text is, not how it looks. */
export type Meaning = "heading" | "label" | "good" | "bad" | "name" | "aside";

const formats = {
  heading: "bold",
  label: "dim",
  good: "green",
  bad: "red",
  name: "cyan",
  aside: "dim",
} as const satisfies Record<Meaning, Parameters<typeof styleText>[0]>;

/** Gives a text its colour. */
export type Paint = (meaning: Meaning, text: string) => string;

/** Paints for one output: with colour on a terminal, without where there is none or `NO_COLOR` asks for that. */
export function paintFor(output: Output): Paint {
  return (meaning, text) => styleText(formats[meaning], text, { stream: output });
}
