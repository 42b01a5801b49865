const SECONDS = 10

/** Let a toast be closed, and let it go by itself unless it is being read or holds an error. */
export function toast(element) {
  element.querySelector("[data-close]").addEventListener("click", () => element.remove())
  if (element.dataset.toast === "error") return

  let timer
  const pause = () => clearTimeout(timer)
  const start = () => {
    pause()
    timer = setTimeout(() => element.remove(), SECONDS * 1000)
  }
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, pause)
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, start)
  start()
}
