/** A ```ts block in a Markdown text. */
export interface ReadmeExample {
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Whether it stands alone, should also be run, or is a part of something. */
  readonly mode: "compile" | "run" | "fragment";
  readonly code: string;
}

/**
 * Finds the TypeScript blocks of a Markdown text.
 *
 * @throws Error for a mark other than `run` and `fragment`, and for a block that does not end.
 */
export function extractExamples(markdown: string): readonly ReadmeExample[] {
  const examples: ReadmeExample[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^(`{3,})(.*)$/.exec(lines[index] ?? "");
    if (opening === null) continue;
    const [, fence = "", info = ""] = opening;
    const end = lines.indexOf(fence, index + 1);
    if (end === -1) throw new Error(`the block in line ${index + 1} does not end`);
    const [language, mark = "compile", ...more] = info.trim().split(/\s+/);
    if (language === "ts" || language === "typescript") {
      if ((mark !== "compile" && mark !== "run" && mark !== "fragment") || more.length > 0) {
        throw new Error(`the block in line ${index + 1} has an unknown mark: ${info}`);
      }
      examples.push({ line: index + 1, mode: mark, code: lines.slice(index + 1, end).join("\n") });
    }
    index = end;
  }
  return examples;
}
