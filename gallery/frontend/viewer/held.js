/**
 * Keep a part of the viewer from being used while it is of another photo; what has the focus there waits outside.
 *
 * Returns what looks whether it `isHeld`, to be called when that may have changed; `heir` returns what the focus comes to then.
 */
export function held({ photoswipe, root }, part, isHeld, heir) {
  let before // what had the focus
  function look() {
    const had = document.activeElement
    if (isHeld() && part.contains(had)) {
      before = had
      root.focus() // what was being written there is saved
    }
    part.inert = isHeld()
    if (part.inert || !before) return
    if (document.activeElement === root) heir(before).focus()
    before = null
  }
  photoswipe.on("change", look)
  return look
}
