/** What is text, whatever it is called. */
const TEXT =
  /^(?:text\/|application\/(?:json|javascript|xml|wasm|x-ndjson|graphql|rtf|sql|toml|yaml|x-www-form-urlencoded)$|font\/(?:ttf|otf|collection)$|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)$|application\/vnd\.ms-fontobject$)|\+(?:json|xml|text|yaml)$/;

/**
 * Whether content of a type becomes smaller by compression; images, videos and archives are compressed already. An event
 * stream never is: its events would wait in the compressor, or each be flushed for more than it saves.
 *
 * @param type a media type, with its parameters or without.
 */
export function isCompressibleType(type: string): boolean {
  const [essence = ""] = type.split(";", 1);
  const plain = essence.trim().toLowerCase();
  return plain !== "text/event-stream" && TEXT.test(plain);
}
