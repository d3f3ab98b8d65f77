/** Reads a list of processors as Linux writes it, such as `0-3,8`; `undefined` for anything else. */
export function parseProcessorList(text: string): readonly number[] | undefined {
  const processors: number[] = [];
  for (const part of text.trim().split(",")) {
    const [, first = "", last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part) ?? [];
    if (first === "") return undefined;
    for (let number = Number(first); number <= Number(last); number += 1) processors.push(number);
  }
  return processors.length === 0 ? undefined : processors;
}
