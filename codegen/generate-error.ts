/** Nothing is generated, because of the files, the options or what is installed. The message is for the user. */
export class GenerateError extends Error {
  override readonly name = "GenerateError";
}
