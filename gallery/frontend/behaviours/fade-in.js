/** Show each picture marked data-fade once it is decoded; those from the cache at once. */
export function fadeIn() {
  // Neither event bubbles, but both can be caught on their way down: also for tiles that come later.
  for (const event of ["load", "error"]) document.addEventListener(event, ({ target }) => show(target), true)
  document.querySelectorAll("[data-fade]").forEach((image) => image.complete && show(image))
}

function show(image) {
  if (image.matches?.("[data-fade]")) image.dataset.shown = ""
}
