/**
 * The media type of an image made of pixels, by its first bytes: what the server calls it does not count. SVG is none, since
 * it is a document, with links and scripts of its own.
 *
 * @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
export function rasterImageType(bytes: Uint8Array): string | undefined {
  return signatures.find(({ at, mask }) => mask.every((byte, index) => byte === bytes[(at ?? 0) + index]))?.type;
}

const ascii = (text: string): readonly number[] => Array.from(text, (each) => each.charCodeAt(0));

const signatures: readonly { readonly type: string; readonly at?: number; readonly mask: readonly number[] }[] = [
  { type: "image/png", mask: [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a] },
  { type: "image/jpeg", mask: [0xff, 0xd8, 0xff] },
  { type: "image/gif", mask: ascii("GIF87a") },
  { type: "image/gif", mask: ascii("GIF89a") },
  { type: "image/webp", at: 8, mask: ascii("WEBPVP") },
  { type: "image/avif", at: 4, mask: ascii("ftypavif") },
  { type: "image/bmp", mask: ascii("BM") },
  { type: "image/x-icon", mask: [0, 0, 1, 0] },
];
