/** An error in the proto files, the options or the installation: nothing is generated. The message is for the user. */
export class GenerateError extends Error {
  override readonly name = "GenerateError";
}
