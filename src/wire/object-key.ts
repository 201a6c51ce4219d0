/**
 * The key of the one object that a SINGLETON service is on Restate 1.x. An empty key would be legal there
 * and would not survive proxies that merge the slashes around it.
 */
const singletonKey = "singleton";

/** The object's key as Restate 1.x knows it, for a key as our engines know it ("" for a SINGLETON). */
export function toRestateKey(key: string | undefined): string | undefined {
  return key === "" ? singletonKey : key;
}
