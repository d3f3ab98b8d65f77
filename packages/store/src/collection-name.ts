/** Such a name needs no quoting, neither in SQL nor in JSON. */
const collectionName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Collections that begin with it are the store's own, and nobody else's. */
const ownPrefix = "fairlead-";

/** Whether a collection may be called so. Whatever else a file holds was not written by a store. */
export function isCollectionName(name: string): boolean {
  return collectionName.test(name) && !name.startsWith(ownPrefix);
}
