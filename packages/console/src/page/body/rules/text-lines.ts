/** Lines of a text, the ends of lines left out; tabs are written as spaces, since a control would be shown as its number. */
export function textLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => line.replaceAll("\t", "    "));
}
