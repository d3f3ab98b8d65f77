/** A parameter of the request has a value that the endpoint can't take; answered by a 400 with this one line. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}
