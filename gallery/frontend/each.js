/** Give every element that asks for it its behaviour. */
export function each(selector, behaviour) {
  document.querySelectorAll(selector).forEach((element) => behaviour(element))
}
