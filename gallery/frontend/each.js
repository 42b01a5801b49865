const begun = []

/** Give every element that asks for it its behaviour. */
export function each(selector, behaviour) {
  document.querySelectorAll(selector).forEach((element) => begun.push(behaviour(element)))
}

/** Say on the page that all of them are there, also those that had to be loaded. */
export const tell = () => Promise.allSettled(begun).then(() => (document.documentElement.dataset.ready = ""))
