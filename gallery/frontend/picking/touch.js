const HOLD = 450 // ms that a finger rests on a photo to begin choosing

/** Begin choosing with a photo that a finger rests on. */
export function hold(form, begin) {
  let timer
  const stop = () => clearTimeout(timer)
  form.addEventListener("pointerdown", ({ target, pointerType }) => {
    const tile = target.closest(".tile:has(.tick)")
    if (!tile || pointerType === "mouse" || target.closest(".tick")) return
    timer = setTimeout(() => {
      begin(tile)
      navigator.vibrate?.(8)
      // The click and the menu that the same finger still causes are not meant.
      const halt = (event) => {
        event.preventDefault()
        event.stopPropagation()
      }
      for (const name of ["click", "contextmenu"]) form.addEventListener(name, halt, { capture: true })
      addEventListener(
        "pointerup",
        () => setTimeout(() => ["click", "contextmenu"].forEach((name) => form.removeEventListener(name, halt, { capture: true })), 250),
        { once: true },
      )
    }, HOLD)
  })
  for (const name of ["pointerup", "pointercancel"]) form.addEventListener(name, stop)
  addEventListener("scroll", stop, { passive: true })
}
