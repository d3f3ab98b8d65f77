import type { PhishingCue, ShownUrl, UrlPartEmphasis } from "@fairlead/widgets/url";
import { printable } from "../terminal/printable.ts";
import type { Meaning, Paint } from "../terminal/style.ts";
import { formatTable } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";
import { cueSentence } from "./cue-sentence.ts";
import { labelSentence } from "./label-sentence.ts";
import { noteSentence } from "./note-sentence.ts";
import { schemeSentence } from "./scheme-sentence.ts";

/** Lays out what the display rules return: the URL as it is shown, its parts, its labels, notes and cues. */
export function formatExplanation(
  display: ShownUrl,
  cues: readonly PhishingCue[],
  style: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const { parts, scheme, schemeClass, host, notes } = display;
  const { paint, width } = style;
  const section = (heading: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ["", paint("heading", heading), ...lines];
  const sentences = (texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) => wrap(`- ${text}`, width, "  "));
  const labels = host.type === "domain" ? host.labels.filter(({ ascii }) => ascii !== "") : [];
  return [
    parts.map(({ text, emphasis }) => paintPart(paint, emphasis, printable(text))).join(""),
    ...section(
      "Parts",
      formatTable(
        [{ heading: "PART" }, { heading: "LOOKS" }, { heading: "TEXT", shrinks: true }],
        parts.map(({ role, emphasis, text }) => [role, emphasis, printable(text)]),
        { ...style, indent: "  " },
      ),
    ),
    ...section("Scheme", sentences([`${printable(scheme)} ${schemeSentence(schemeClass)}`])),
    ...section("Name", sentences(labels.map((label) => printable(labelSentence(label))).filter((text) => text !== ""))),
    ...section("Notes", sentences(notes.map((note) => printable(noteSentence(note))).filter((text) => text !== ""))),
    ...section("Could be a deception", sentences(cues.map((cue) => printable(cueSentence(cue))))),
  ];
}

function paintPart(paint: Paint, emphasis: UrlPartEmphasis, text: string): string {
  const meaning = meanings[emphasis];
  return meaning === undefined ? text : paint(meaning, text);
}

const meanings: Readonly<Record<UrlPartEmphasis, Meaning | undefined>> = {
  flagged: "bad",
  strong: "heading",
  plain: undefined,
  quiet: "aside",
};
