/** Say so while the browser has no network. */
export function offline({ firstElementChild }) {
  const look = () => (firstElementChild.hidden = navigator.onLine)
  for (const event of ["online", "offline"]) addEventListener(event, look)
  look()
}
